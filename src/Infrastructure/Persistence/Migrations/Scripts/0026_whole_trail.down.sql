create or replace function audit.seal_entry() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    address text := host(platform.current_address());
begin
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

create function audit.without_secrets(state jsonb) returns jsonb
    language plpgsql immutable parallel safe
as $$
begin
    return coalesce(
        (
            select jsonb_object_agg(key, case when audit.is_secret(key) then '"redacted"' else value end)
            from jsonb_each(state)
            where value <> 'null'
        ),
        '{}');
end;
$$;

create or replace function audit.changes(before jsonb, after jsonb) returns jsonb
    language plpgsql immutable parallel safe
as $$
begin
    return case
        when before is null then jsonb_build_object('before', null, 'after', audit.without_secrets(after))
        when after is null then jsonb_build_object('before', audit.without_secrets(before), 'after', null)
        else (
            select jsonb_build_object(
                'before', jsonb_object_agg(key, case when audit.is_secret(key) and b.value <> 'null' then '"redacted"' else b.value end),
                'after', jsonb_object_agg(key, case when audit.is_secret(key) and a.value <> 'null' then '"redacted"' else a.value end))
            from jsonb_each(before) b
            full join jsonb_each(after) a using (key)
            where b.value is distinct from a.value
            having count(*) > 0)
    end;
end;
$$;
drop function audit.without_nulls(jsonb);
drop function audit.redacted(jsonb);
create or replace function audit.is_secret(name text) returns boolean
    language sql immutable parallel safe
    return name ~* '(password|secret|token|hash|fingerprint|api_?key|recovery|totp|otp|code$)';

drop trigger api_keys_audited on api_integration.api_keys;
drop trigger trading_models_audited on models.trading_models;
drop trigger watchlist_items_audited on watchlists.watchlist_items;
drop trigger watchlists_audited on watchlists.watchlists;

drop trigger notification_channels_audited on identity.notification_channels;
create trigger notification_channels_audited after insert or update or delete on identity.notification_channels
    for each row execute function audit.record_change('user_id', 'user_id', 'updated_at');

revoke select (kind) on identity.mails from crypto_beacon_worker;
drop trigger users_erased on identity.users;
drop function identity.drop_unopened_mails();
