-- The 1h level of candles, kept ready: what an hour's candles of up to 1h fold to. It holds nothing that candles do not say. Whoever changes
-- candles marks the hours concerned, in the same transaction, by whichever path; a marked hour is folded when it is read, until a job has folded it for good.
--
-- The triggers need a lock on candles that writers wait for until the migration commits, and the marks of what is stored already are found by reading it
-- all: half a minute for 100 million candles. Reading goes on.

create table api_integration.candle_hours (
    coin_id text not null,
    currency text not null,
    open_time timestamptz not null,
    open numeric not null,
    high numeric not null,
    low numeric not null,
    close numeric not null,
    volume numeric,
    is_imported boolean not null,

    constraint candle_hours_pkey primary key (coin_id, currency, open_time),
    constraint candle_hours_open_time_check check (extract(epoch from open_time) % 3600 = 0),
    constraint candle_hours_volume_check check (platform.is_readable(volume))
);

-- One mark a transaction and hour: nobody waits for another's mark, and so can't deadlock with who imports the same hour.
create table api_integration.unfolded_hours (
    coin_id text not null,
    currency text not null,
    open_time timestamptz not null,
    marked_by xid8 not null default pg_current_xact_id(),

    constraint unfolded_hours_pkey primary key (coin_id, currency, open_time, marked_by)
);

-- What an hour's candles fold to: those of the finest interval of which any was imported, together with the prices that came in beside them; of prices alone
-- where nothing was imported. Its plan is made once a session, since making it, with the partitions it has to leave out, takes fifty times as long as folding;
-- and goes by the key, since it may be made while the table is empty.
create function api_integration.fold_hour(p_coin_id text, p_currency text, p_hour timestamptz)
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

-- The hours as they are now, folded already or not.
create view api_integration.hourly_candles with (security_invoker = true) as
    select h.coin_id, h.currency, h.open_time, h.open, h.high, h.low, h.close, h.volume, h.is_imported
    from api_integration.candle_hours h
    where not exists (
        select from api_integration.unfolded_hours marked
        where marked.coin_id = h.coin_id and marked.currency = h.currency and marked.open_time = h.open_time
    )
    union all
    select marked.coin_id, marked.currency, marked.open_time, f.open, f.high, f.low, f.close, f.volume, f.is_imported
    from (select distinct u.coin_id, u.currency, u.open_time from api_integration.unfolded_hours u) marked
    cross join lateral api_integration.fold_hour(marked.coin_id, marked.currency, marked.open_time) f;

-- The shared lock is held until commit: what has been marked by then is not folded before. An hour that somebody has marked already stays marked as long.
create function api_integration.mark_hours() returns trigger
    language plpgsql
as $$
begin
    perform pg_advisory_xact_lock_shared(hashtextextended('api_integration.candle_hours', 0));
    insert into api_integration.unfolded_hours (coin_id, currency, open_time)
    select changed.coin_id, changed.currency, changed.hour
    from (
        select distinct c.coin_id, c.currency, date_bin('1 hour', c.open_time, '1970-01-01T00:00:00Z') as hour
        from changed_candles c
        where c.interval in ('1m', '5m', '15m', '1h')
    ) changed
    where not exists (
        select from api_integration.unfolded_hours known
        where known.coin_id = changed.coin_id and known.currency = changed.currency and known.open_time = changed.hour
    )
    on conflict do nothing;
    return null;
end;
$$;

create trigger candles_added_mark_hours after insert on api_integration.candles
    referencing new table as changed_candles for each statement execute function api_integration.mark_hours();
create trigger candles_changed_mark_hours after update on api_integration.candles
    referencing new table as changed_candles for each statement execute function api_integration.mark_hours();
create trigger candles_removed_mark_hours after delete on api_integration.candles
    referencing old table as changed_candles for each statement execute function api_integration.mark_hours();

-- Folds up to so many marked hours that have ended for good, and says how many; null while somebody is changing candles, whom it does not wait for.
create function api_integration.fold_hours(p_before timestamptz, p_at_most integer) returns integer
    language plpgsql set enable_seqscan = off
as $$
declare
    folded_hours integer;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('api_integration.candle_hours', 0)) then
        return null;
    end if;

    with due as (
        select distinct u.coin_id, u.currency, u.open_time
        from api_integration.unfolded_hours u
        where u.open_time <= p_before - interval '1 hour'
        order by u.coin_id, u.currency, u.open_time
        limit p_at_most
    ), unmarked as (
        delete from api_integration.unfolded_hours u
        using due
        where u.coin_id = due.coin_id and u.currency = due.currency and u.open_time = due.open_time
    ), emptied as (
        delete from api_integration.candle_hours h
        using due
        where h.coin_id = due.coin_id and h.currency = due.currency and h.open_time = due.open_time
            and not exists (select from api_integration.fold_hour(due.coin_id, due.currency, due.open_time))
    ), folded as (
        insert into api_integration.candle_hours (coin_id, currency, open_time, open, high, low, close, volume, is_imported)
        select due.coin_id, due.currency, due.open_time, f.open, f.high, f.low, f.close, f.volume, f.is_imported
        from due
        cross join lateral api_integration.fold_hour(due.coin_id, due.currency, due.open_time) f
        on conflict (coin_id, currency, open_time) do update
            set open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume,
                is_imported = excluded.is_imported
    )
    select count(*) into folded_hours from due;
    return folded_hours;
end;
$$;

alter table api_integration.candles no force row level security;
insert into api_integration.unfolded_hours (coin_id, currency, open_time)
select distinct c.coin_id, c.currency, date_bin('1 hour', c.open_time, '1970-01-01T00:00:00Z')
from api_integration.candles c
where c.interval in ('1m', '5m', '15m', '1h');
alter table api_integration.candles force row level security;


alter table api_integration.candle_hours enable row level security, force row level security;
alter table api_integration.unfolded_hours enable row level security, force row level security;

-- As of candles: everybody's to read, an administrator's or a job's to write.
create policy candle_hours_read on api_integration.candle_hours for select to crypto_beacon_app using (true);
create policy candle_hours_folded on api_integration.candle_hours to crypto_beacon_worker using (true) with check (true);
create policy unfolded_hours_read on api_integration.unfolded_hours for select to crypto_beacon_app using (true);
create policy unfolded_hours_marked on api_integration.unfolded_hours for insert to crypto_beacon_app
    with check ((select platform.is_admin()));
create policy unfolded_hours_worked on api_integration.unfolded_hours to crypto_beacon_worker using (true) with check (true);

grant select on api_integration.candle_hours, api_integration.unfolded_hours, api_integration.hourly_candles to crypto_beacon_app, crypto_beacon_worker;
grant insert on api_integration.unfolded_hours to crypto_beacon_app;
grant insert, update, delete on api_integration.candle_hours to crypto_beacon_worker;
grant insert, delete on api_integration.unfolded_hours to crypto_beacon_worker;

revoke all on function api_integration.fold_hours(timestamptz, integer) from public;
grant execute on function api_integration.fold_hours(timestamptz, integer) to crypto_beacon_worker;
