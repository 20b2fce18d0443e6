-- What many trades leave in the trail is sealed by the statement that writes it: the key of the day and the address are taken once for all of them. Only the
-- functions of crypto_beacon_auth may hand over what is sealed already; whatever else comes, by whichever path, is sealed row by row as before.

create function audit.sealed_address(actor_id uuid, occurred_at timestamptz) returns bytea
    language plpgsql volatile
as $$
declare
    address text := host(platform.current_address());
    today date := audit.day_of(occurred_at);
begin
    if address is null or actor_id is null then
        return null;
    end if;

    if not exists (select from audit.address_keys k where k.day = today) then
        insert into audit.address_keys (day, key) values (today, audit.new_key()) on conflict do nothing;
    end if;
    return audit.seal(address, audit.address_key(actor_id, today));
end;
$$;
revoke all on function audit.sealed_address(uuid, timestamptz) from public;
grant execute on function audit.sealed_address(uuid, timestamptz) to crypto_beacon_auth;

create or replace function audit.seal_entry() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if audit.is_secret(new.changes::text) then
        new.changes := jsonb_build_object(
            'before', audit.redacted(new.changes -> 'before'), 'after', audit.redacted(new.changes -> 'after'));
    end if;
    if new.user_id is not null then
        new.sealed_changes := audit.seal(new.changes::text, (select k.key from identity.user_keys k where k.user_id = new.user_id));
        new.changes := null;
    end if;
    new.sealed_address := audit.sealed_address(new.actor_id, new.occurred_at);
    return new;
end;
$$;

revoke insert on audit.audit_outbox from crypto_beacon_app, crypto_beacon_worker;
grant insert (id, occurred_at, actor_id, user_id, entity, entity_id, action, changes) on audit.audit_outbox
    to crypto_beacon_app, crypto_beacon_worker;

drop trigger audit_outbox_sealed on audit.audit_outbox;
create trigger audit_outbox_sealed before insert on audit.audit_outbox
    for each row when (new.sealed_changes is null) execute function audit.seal_entry();

-- Nothing of a trade is called a secret.
create or replace function audit.record_trades() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    address bytea := audit.sealed_address(platform.current_user_id(), now());
begin
    insert into audit.audit_outbox (user_id, entity, entity_id, action, sealed_address, sealed_changes)
    select v.user_id, 'trades', v.trade_id::text, case v.change when 'amended' then 'changed' else v.change end, address,
        audit.seal(differing.changes::text, (select k.key from identity.user_keys k where k.user_id = v.user_id))
    from versions v
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
