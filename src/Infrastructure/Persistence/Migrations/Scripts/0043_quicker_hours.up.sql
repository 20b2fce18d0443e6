-- An hour folds in two thirds of the time; what it folds to stays.

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
        -- One interval at a time, so that each is a range of the key, which has it in order: sorting it again for each aggregate took a third of the time.
        cross join lateral (
            select
                (array_agg(c.open))[1] as open,
                max(c.high) as high,
                min(c.low) as low,
                (array_agg(c.close))[count(*)] as close,
                case when platform.is_readable(sum(c.volume)) then sum(c.volume) else platform.quotient(sum(c.volume), 1) end as volume,
                bool_or(c.is_imported) as is_imported
            from (
                select stored.*
                from api_integration.candles stored
                where stored.coin_id = p_coin_id and stored.currency = p_currency and stored.interval = level.name
                    and stored.open_time >= p_hour and stored.open_time < p_hour + interval '1 hour'
                order by stored.open_time
            ) c
            having count(*) > 0
        ) f
        order by f.is_imported desc, level.position
        limit 1;
end;
$$;
