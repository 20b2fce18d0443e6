-- The schemas, the three roles, and what every module shares.

-- The migrator may keep its own history in platform, and then has made it already.
create schema if not exists platform;
create schema identity;
create schema portfolios;
create schema watchlists;
create schema trading;
create schema alerts;
create schema api_integration;
create schema models;

-- Roles belong to the cluster, not to this database: another database may have made them, or a DBA where this login may not.
-- Their passwords are none of this script's business; without one, a login is refused.
do $$
declare
    wanted record;
begin
    for wanted in
        select * from (values ('crypto_beacon_auth', 'nologin'), ('crypto_beacon_app', 'login'), ('crypto_beacon_worker', 'login'))
            as roles (name, attributes)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            begin
                execute format('create role %I %s', wanted.name, wanted.attributes);
            exception
                -- A migration of another database of the cluster was faster.
                when duplicate_object or unique_violation then null;
            end;
        end if;
    end loop;

    if exists (
        select from pg_roles
        where rolname in ('crypto_beacon_auth', 'crypto_beacon_app', 'crypto_beacon_worker') and (rolsuper or rolbypassrls))
    then
        raise exception 'The crypto_beacon roles must be neither superusers nor exempt from row-level security';
    end if;

    -- Only a member may give functions away to crypto_beacon_auth. Since PostgreSQL 16 the role's creator is merely its
    -- administrator, so the question is whether its privileges are held, not whether it is known.
    if not pg_has_role(current_user, 'crypto_beacon_auth', 'usage') then
        begin
            execute format('grant crypto_beacon_auth to %I', current_user);
        exception
            when unique_violation then null;
        end;
    end if;

    execute format('revoke connect, temporary on database %I from public', current_database());
    execute format('grant connect, temporary on database %I to crypto_beacon_app, crypto_beacon_worker', current_database());
    execute format(
        'alter database %I set search_path = public, identity, portfolios, watchlists, trading, alerts, api_integration, models, platform',
        current_database());
end;
$$;

-- PostgreSQL 15 does so for new databases, but not for those that come from an older server.
revoke create on schema public from public;

grant usage on schema platform to crypto_beacon_auth, crypto_beacon_app, crypto_beacon_worker;
grant usage on schema identity, portfolios, watchlists, trading, alerts, api_integration, models
    to crypto_beacon_app, crypto_beacon_worker;

-- A server that is asked whether it is ready compares the schema with its own version. Scripts that are run by hand leave no history.
do $$
begin
    if to_regclass('platform.schema_versions') is not null then
        grant select on platform.schema_versions to crypto_beacon_app;
    end if;
end;
$$;


-- Who is asking: '' is what a transaction-local setting leaves behind in its session. NULL gives no rows.
create function platform.current_user_id() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.user_id', true), '')::uuid;

-- Random bits of version 4, the first 48 replaced by the milliseconds, the version's bits 0100 made 0111.
create function platform.uuid_v7() returns uuid
    language sql volatile parallel safe
    return encode(
        set_bit(set_bit(
            overlay(
                uuid_send(gen_random_uuid())
                placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                from 1 for 6),
            52, 1), 53, 1),
        'hex')::uuid;

-- What C#'s decimal can't hold must not get in, or its row can never be read: at most 28 significant digits, 18 of them
-- decimals, nor NaN or infinity, whose scale is NULL. More than 28 stored decimals, zeros or not, fail to be read too.
create function platform.is_decimal28(value numeric) returns boolean
    language sql immutable parallel safe
    return value is null
        or coalesce(
            min_scale(value) <= 18 and scale(value) <= 28 and abs(value) < power(10::numeric, 28 - min_scale(value)), false);

-- The same without the contract's limit of 18 decimals: for what archives have summed up in binary, and is kept as they say it.
create function platform.is_readable(value numeric) returns boolean
    language sql immutable parallel safe
    return value is null
        or coalesce(scale(value) <= 28 and abs(value) < power(10::numeric, 28 - min_scale(value)), false);

-- numerator / denominator, half-even at the 18th decimal, or at the last that 28 digits leave room for: what C#'s decimal can hold. NULL
-- when even the whole part does not fit, or by zero. Exact.Estimate is its twin.
create function platform.quotient(numerator numeric, denominator numeric) returns numeric
    language plpgsql immutable strict parallel safe
as $$
declare
    dividend numeric := abs(numerator);
    divisor numeric := abs(denominator);
    whole numeric;
    decimals integer;
    digits numeric;
    doubled_rest numeric;
    rounded numeric;
begin
    if divisor = 0 then
        return null;
    end if;

    whole := div(dividend, divisor);
    decimals := least(18, 28 - case when whole = 0 then 0 else length(whole::text) end);
    if decimals < 0 then
        return null;
    end if;

    digits := div(dividend * ('1e' || decimals)::numeric, divisor);
    doubled_rest := 2 * (dividend * ('1e' || decimals)::numeric - digits * divisor);
    if doubled_rest > divisor or (doubled_rest = divisor and digits % 2 = 1) then
        digits := digits + 1;
    end if;

    rounded := trim_scale(sign(numerator) * sign(denominator) * digits * ('1e-' || decimals)::numeric);
    return case when platform.is_decimal28(rounded) then rounded end;
end;
$$;

create function platform.is_coin_id(value text) returns boolean
    language sql immutable parallel safe
    return value ~ '^[a-z0-9][a-z0-9-]{0,63}$';

create function platform.is_currency(value text) returns boolean
    language sql immutable parallel safe
    return value ~ '^[A-Z0-9]{2,10}$';

-- The wall clock, not now(): a long import is older than the times in it. Time only makes it truer, so dumps restore.
create function platform.not_in_future(at timestamptz) returns boolean
    language sql volatile parallel safe
    return at <= clock_timestamp() + interval '5 minutes';


-- What leaves the database once its transaction has committed. Holds ids, never personal data.
create table platform.outbox (
    id uuid constraint outbox_pkey primary key default platform.uuid_v7(),
    sequence bigint not null generated always as identity,
    kind text not null,
    payload jsonb not null,
    created_at timestamptz not null default now(),

    constraint outbox_sequence_key unique (sequence),
    constraint outbox_kind_check check (char_length(kind) between 1 and 100)
);

alter table platform.outbox enable row level security, force row level security;
create policy outbox_filled on platform.outbox for insert to crypto_beacon_app with check (true);
create policy outbox_emptied on platform.outbox to crypto_beacon_worker using (true) with check (true);
-- UPDATE is what FOR UPDATE SKIP LOCKED asks for.
grant insert on platform.outbox to crypto_beacon_app;
grant select, insert, update, delete on platform.outbox to crypto_beacon_worker;

create function platform.announce_outbox() returns trigger
    language plpgsql
as $$
begin
    perform pg_notify('outbox', '');
    return null;
end;
$$;

create trigger outbox_announced after insert on platform.outbox
    for each statement execute function platform.announce_outbox();


-- A command's answer, kept in the command's own transaction.
create table platform.idempotency_keys (
    user_id uuid not null,
    key text not null,
    request_hash bytea not null,
    body bytea not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null default now() + interval '24 hours',

    constraint idempotency_keys_pkey primary key (user_id, key),
    constraint idempotency_keys_key_check check (char_length(key) between 1 and 255),
    constraint idempotency_keys_times_check check (platform.not_in_future(created_at))
);

create index idempotency_keys_expiry on platform.idempotency_keys (expires_at);

alter table platform.idempotency_keys enable row level security, force row level security;
create policy idempotency_keys_of_user on platform.idempotency_keys to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy idempotency_keys_expired on platform.idempotency_keys to crypto_beacon_worker
    using (expires_at < now()) with check (false);
grant select, insert, update, delete on platform.idempotency_keys to crypto_beacon_app;
grant select (user_id, key, expires_at), delete on platform.idempotency_keys to crypto_beacon_worker;


-- ASP.NET Core's key ring, each key wrapped by the key-encryption key.
create table platform.data_protection_keys (
    id integer constraint data_protection_keys_pkey primary key generated by default as identity,
    friendly_name text,
    xml text
);

grant select, insert on platform.data_protection_keys to crypto_beacon_app;
