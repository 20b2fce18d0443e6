-- What audit.changes says of a trade that comes or goes, without asking of each of its members whether it may be a secret: none of a trade's is.
create or replace function audit.record_trades() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into audit.audit_outbox (user_id, entity, entity_id, action, changes)
    select v.user_id, 'trades', v.trade_id::text, case v.change when 'amended' then 'changed' else v.change end, differing.changes
    from versions v
    cross join lateral (
        select case v.change
            when 'created' then jsonb_build_object('before', null, 'after', jsonb_strip_nulls(v.after - 'id'))
            when 'deleted' then jsonb_build_object('before', jsonb_strip_nulls(v.before - 'id'), 'after', null)
            else audit.changes(v.before - 'id', v.after - 'id')
        end) differing (changes)
    where differing.changes is not null
    order by v.id;
    return null;
end;
$$;
