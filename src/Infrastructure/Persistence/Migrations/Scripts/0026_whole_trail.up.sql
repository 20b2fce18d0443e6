-- Erasure and the audit trail, where they had a gap.

-- Whoever asks for a new password is not looked up before the mail is opened: until then it holds the address, and nothing else ties it to its user.
create function identity.drop_unopened_mails() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    delete from identity.mails m where m.user_id is null and lower(m.address) = lower(old.email);
    return null;
end;
$$;

create trigger users_erased after delete on identity.users
    for each row execute function identity.drop_unopened_mails();

grant create on schema identity to crypto_beacon_auth;
revoke all on function identity.drop_unopened_mails() from public;
alter function identity.drop_unopened_mails() owner to crypto_beacon_auth;
revoke create on schema identity from crypto_beacon_auth;

grant select (kind) on identity.mails to crypto_beacon_worker;

-- keys rotate names the sealed column alone: a secret that is wrapped anew is the same secret.
drop trigger notification_channels_audited on identity.notification_channels;
create trigger notification_channels_audited after insert or delete or update of updated_at on identity.notification_channels
    for each row execute function audit.record_change('user_id', 'user_id', 'updated_at');

create trigger watchlists_audited after insert or update or delete on watchlists.watchlists
    for each row execute function audit.record_change('id', 'user_id', 'created_at,updated_at');
create trigger watchlist_items_audited after insert or update or delete on watchlists.watchlist_items
    for each row execute function audit.record_change('id', 'user_id', 'added_at');
-- What a model made of the last backtest is the server's own saying.
create trigger trading_models_audited after insert or update or delete on models.trading_models
    for each row execute function audit.record_change('id', 'user_id', 'created_at,updated_at,performance');
-- A key that is used or wrapped anew is the same key.
create trigger api_keys_audited after insert or delete or update of updated_at on api_integration.api_keys
    for each row execute function audit.record_change('id', 'user_id', 'created_at,updated_at,last_used');


-- What is called a secret is kept out in one place, through which every entry goes: where it is sealed.
-- A name, or a whole JSON text that holds such a name, asked at once.
create or replace function audit.is_secret(name text) returns boolean
    language sql immutable parallel safe
    return name ~* '(password|secret|token|hash|fingerprint|api_?key|recovery|totp|otp|code("|$))';

create function audit.redacted(state jsonb) returns jsonb
    language plpgsql immutable parallel safe
as $$
begin
    return case when jsonb_typeof(state) = 'object' then coalesce(
        (
            select jsonb_object_agg(key, case when audit.is_secret(key) and value <> 'null' then '"redacted"' else value end)
            from jsonb_each(state)
        ),
        '{}') end;
end;
$$;

create function audit.without_nulls(state jsonb) returns jsonb
    language plpgsql immutable parallel safe
as $$
begin
    return coalesce((select jsonb_object_agg(key, value) from jsonb_each(state) where value <> 'null'), '{}');
end;
$$;

create or replace function audit.changes(before jsonb, after jsonb) returns jsonb
    language plpgsql immutable parallel safe
as $$
begin
    return case
        when before is null then jsonb_build_object('before', null, 'after', audit.without_nulls(after))
        when after is null then jsonb_build_object('before', audit.without_nulls(before), 'after', null)
        else (
            select jsonb_build_object('before', jsonb_object_agg(key, b.value), 'after', jsonb_object_agg(key, a.value))
            from jsonb_each(before) b
            full join jsonb_each(after) a using (key)
            where b.value is distinct from a.value
            having count(*) > 0)
    end;
end;
$$;
drop function audit.without_secrets(jsonb);

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
