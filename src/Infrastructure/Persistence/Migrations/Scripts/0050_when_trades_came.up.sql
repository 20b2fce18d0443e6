-- The entry of an imported trade said when its history was written down, which is after the import has answered, and not when it was imported.
create or replace function audit.record_trades() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into audit.audit_outbox (occurred_at, user_id, entity, entity_id, action, sealed_address, sealed_changes)
    select v.changed_at, v.user_id, 'trades', v.trade_id::text, case v.change when 'amended' then 'changed' else v.change end, made.address,
        audit.seal(differing.changes::text, (select k.key from identity.user_keys k where k.user_id = v.user_id))
    from versions v
    join (
        select audit.day_of(changed_at), audit.sealed_address(platform.current_user_id(), min(changed_at))
        from versions
        group by audit.day_of(changed_at)
    ) made (day, address) on made.day = audit.day_of(v.changed_at)
    cross join lateral (
        select case v.change
            when 'created' then jsonb_build_object('before', null, 'after', jsonb_strip_nulls(v.after - 'id'))
            when 'deleted' then jsonb_build_object('before', jsonb_strip_nulls(v.before - 'id'), 'after', null)
            else audit.changes(v.before - 'id', v.after - 'id')
        end) differing (changes)
    where differing.changes is not null;
    return null;
end;
$$;
