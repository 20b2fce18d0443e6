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

drop trigger audit_outbox_sealed on audit.audit_outbox;
create trigger audit_outbox_sealed before insert on audit.audit_outbox
    for each row execute function audit.seal_entry();

revoke insert (id, occurred_at, actor_id, user_id, entity, entity_id, action, changes) on audit.audit_outbox
    from crypto_beacon_app, crypto_beacon_worker;
grant insert on audit.audit_outbox to crypto_beacon_app, crypto_beacon_worker;

create or replace function audit.seal_entry() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    address text := host(platform.current_address());
begin
    if audit.is_secret(new.changes::text) then
        new.changes := jsonb_build_object(
            'before', audit.redacted(new.changes -> 'before'), 'after', audit.redacted(new.changes -> 'after'));
    end if;
    new.sealed_changes := null;
    if new.user_id is not null then
        new.sealed_changes := audit.seal(new.changes::text, (select k.key from identity.user_keys k where k.user_id = new.user_id));
        new.changes := null;
    end if;

    new.sealed_address := null;
    if address is not null and new.actor_id is not null then
        if not exists (select from audit.address_keys k where k.day = audit.day_of(new.occurred_at)) then
            insert into audit.address_keys (day, key) values (audit.day_of(new.occurred_at), audit.new_key()) on conflict do nothing;
        end if;
        new.sealed_address := audit.seal(address, audit.address_key(new.actor_id, audit.day_of(new.occurred_at)));
    end if;
    return new;
end;
$$;

drop function audit.sealed_address(uuid, timestamptz);
