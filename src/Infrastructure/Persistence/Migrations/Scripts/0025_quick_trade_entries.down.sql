create or replace function audit.record_trades() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into audit.audit_outbox (user_id, entity, entity_id, action, changes)
    select v.user_id, 'trades', v.trade_id::text, case v.change when 'amended' then 'changed' else v.change end, differing.changes
    from versions v
    cross join lateral audit.changes(v.before - 'id', v.after - 'id') differing (changes)
    where differing.changes is not null
    order by v.id;
    return null;
end;
$$;
