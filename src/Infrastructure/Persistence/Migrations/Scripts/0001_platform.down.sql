-- The roles stay: they belong to the cluster, and other databases may use them.

do $$
begin
    if to_regclass('platform.schema_versions') is not null then
        revoke select on platform.schema_versions from crypto_beacon_app;
    end if;
end;
$$;

drop table platform.data_protection_keys;
drop table platform.idempotency_keys;
drop table platform.outbox;
drop function platform.announce_outbox();
drop function platform.not_in_future(timestamptz);
drop function platform.is_currency(text);
drop function platform.is_coin_id(text);
drop function platform.quotient(numeric, numeric);
drop function platform.is_readable(numeric);
drop function platform.is_decimal28(numeric);
drop function platform.uuid_v7();
drop function platform.current_user_id();

drop schema models;
drop schema api_integration;
drop schema alerts;
drop schema trading;
drop schema watchlists;
drop schema portfolios;
drop schema identity;

revoke usage on schema platform from crypto_beacon_auth, crypto_beacon_app, crypto_beacon_worker;

do $$
begin
    begin
        drop schema platform;
    exception
        -- The migrator's history lives in it.
        when dependent_objects_still_exist then null;
    end;

    execute format('alter database %I reset search_path', current_database());
    execute format('revoke connect, temporary on database %I from crypto_beacon_app, crypto_beacon_worker', current_database());
    execute format('grant connect, temporary on database %I to public', current_database());
end;
$$;
