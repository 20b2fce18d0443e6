create or replace function api_integration.fold_hour(p_coin_id text, p_currency text, p_hour timestamptz)
    returns table (open numeric, high numeric, low numeric, close numeric, volume numeric, is_imported boolean)
    language plpgsql stable parallel safe rows 1
    set plan_cache_mode = force_generic_plan set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    return query
        select f.open, f.high, f.low, f.close, f.volume, f.is_imported
        from unnest(array['1m', '5m', '15m', '1h']) with ordinality level (name, position)
        -- One interval at a time, so that each is a range of the key.
        cross join lateral (
            select
                (array_agg(c.open order by c.open_time))[1] as open,
                max(c.high) as high,
                min(c.low) as low,
                (array_agg(c.close order by c.open_time desc))[1] as close,
                case when platform.is_readable(sum(c.volume)) then sum(c.volume) else platform.quotient(sum(c.volume), 1) end as volume,
                bool_or(c.is_imported) as is_imported
            from api_integration.candles c
            where c.coin_id = p_coin_id and c.currency = p_currency and c.interval = level.name
                and c.open_time >= p_hour and c.open_time < p_hour + interval '1 hour'
            having count(*) > 0
        ) f
        order by f.is_imported desc, level.position
        limit 1;
end;
$$;
