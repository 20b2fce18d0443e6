-- Users, their sessions, and the few questions that must be answered before it is known who asks.

create table identity.users (
    id uuid constraint users_pkey primary key,
    email text not null,
    password_hash text not null,
    display_name text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    preferences jsonb,
    role text not null default 'user',
    last_login timestamptz,
    is_active boolean not null default true,
    email_verified boolean not null default false,
    is_system boolean not null default false,

    constraint users_email_check check (email ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$' and char_length(email) <= 254),
    constraint users_password_hash_check check (char_length(password_hash) between 1 and 500),
    constraint users_display_name_check check (char_length(display_name) between 1 and 100),
    constraint users_preferences_check check (jsonb_typeof(preferences) = 'object'),
    constraint users_role_check check (role in ('user', 'admin')),
    constraint users_system_check check (not is_system or (role = 'user' and not is_active)),
    constraint users_times_check check (platform.not_in_future(greatest(created_at, updated_at, last_login)))
);

create unique index users_email_key on identity.users (lower(email));
create index users_administrators on identity.users (id) where role = 'admin' and is_active;

-- Owns what no person did, such as the calls of the price poll. Nothing verifies against its hash.
insert into identity.users (id, email, password_hash, display_name, is_active, is_system)
values ('00000000-0000-7000-8000-000000000001', 'system@crypto-beacon.invalid', '!', 'System', false, true);

alter table platform.idempotency_keys
    add constraint idempotency_keys_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred;


-- A signed-in device: one family of refresh tokens, of which the newest generation alone is good.
create table identity.sessions (
    id uuid constraint sessions_pkey primary key,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ip_address inet,
    user_agent text,
    revoked_at timestamptz,

    constraint sessions_id_user_id_key unique (id, user_id),
    constraint sessions_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint sessions_user_agent_check check (char_length(user_agent) <= 1000),
    constraint sessions_times_check check (platform.not_in_future(greatest(created_at, last_used_at, revoked_at)))
);

create index sessions_user_id on identity.sessions (user_id);
create index sessions_expiry on identity.sessions (expires_at);

create table identity.refresh_tokens (
    session_id uuid not null,
    generation integer not null,
    user_id uuid not null,
    token_hash bytea not null,
    created_at timestamptz not null,
    used_at timestamptz,

    constraint refresh_tokens_pkey primary key (session_id, generation),
    constraint refresh_tokens_token_hash_key unique (token_hash),
    constraint refresh_tokens_session_id_fkey foreign key (session_id, user_id) references identity.sessions (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint refresh_tokens_generation_check check (generation > 0),
    constraint refresh_tokens_times_check check (platform.not_in_future(greatest(created_at, used_at)))
);

-- Attempts to sign in, by a hash of whatever is throttled: an address, an e-mail.
create table identity.auth_throttles (
    key bytea constraint auth_throttles_pkey primary key,
    failures integer not null,
    last_attempt_at timestamptz not null,
    blocked_until timestamptz,

    constraint auth_throttles_failures_check check (failures > 0),
    constraint auth_throttles_times_check check (platform.not_in_future(last_attempt_at))
);

create index auth_throttles_last_attempt on identity.auth_throttles (last_attempt_at);


-- An administrator is asked for here alone; policies use it as (select platform.is_admin()), once a statement.
create function platform.is_admin() returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
    return exists (
        select from identity.users u where u.id = platform.current_user_id() and u.role = 'admin' and u.is_active);

alter table identity.users enable row level security, force row level security;
alter table identity.sessions enable row level security, force row level security;
alter table identity.refresh_tokens enable row level security, force row level security;
alter table identity.auth_throttles enable row level security, force row level security;

create policy users_self on identity.users to crypto_beacon_app
    using (id = platform.current_user_id()) with check (id = platform.current_user_id());
create policy users_administered on identity.users for select to crypto_beacon_app
    using (not is_system and (select platform.is_admin()));
create policy sessions_of_user on identity.sessions to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());

create policy users_auth on identity.users to crypto_beacon_auth using (true) with check (true);
create policy sessions_auth on identity.sessions to crypto_beacon_auth using (true) with check (true);
create policy refresh_tokens_auth on identity.refresh_tokens to crypto_beacon_auth using (true) with check (true);
create policy auth_throttles_auth on identity.auth_throttles to crypto_beacon_auth using (true) with check (true);

create policy sessions_expired on identity.sessions to crypto_beacon_worker
    using (expires_at < now()) with check (false);
create policy auth_throttles_expired on identity.auth_throttles to crypto_beacon_worker
    using (last_attempt_at < now() - interval '1 day') with check (false);

-- Neither role, is_active nor email_verified may be written by a request, and a password hash is read by find_credentials and
-- written by change_password alone.
grant select (id, email, display_name, created_at, updated_at, preferences, role, last_login, is_active, email_verified, is_system)
    on identity.users to crypto_beacon_app;
-- The version behind the ETag is a column, too.
grant select (xmin) on identity.users to crypto_beacon_app;
grant update (display_name, preferences, updated_at), delete on identity.users to crypto_beacon_app;
grant select, update (revoked_at) on identity.sessions to crypto_beacon_app;

grant select (id, expires_at), delete on identity.sessions to crypto_beacon_worker;
grant select (key, last_attempt_at), delete on identity.auth_throttles to crypto_beacon_worker;

grant usage on schema identity to crypto_beacon_auth;
grant select, insert, update (password_hash, role, is_active, last_login, updated_at) on identity.users to crypto_beacon_auth;
grant select, insert, update on identity.sessions, identity.refresh_tokens to crypto_beacon_auth;
grant select, insert, update, delete on identity.auth_throttles to crypto_beacon_auth;


-- false: the address is taken.
create function identity.register_user(p_id uuid, p_email text, p_password_hash text, p_display_name text, p_now timestamptz)
    returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into identity.users (id, email, password_hash, display_name, created_at, updated_at)
    values (p_id, p_email, p_password_hash, p_display_name, p_now, p_now)
    on conflict (lower(email)) do nothing;
    return found;
end;
$$;

-- The one way to an administrator that needs none: for the owner's login, at start and on the command line.
create function identity.register_administrator(
    p_id uuid, p_email text, p_password_hash text, p_display_name text, p_now timestamptz)
    returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into identity.users (id, email, password_hash, display_name, created_at, updated_at, role)
    values (p_id, p_email, p_password_hash, p_display_name, p_now, p_now, 'admin')
    on conflict (lower(email)) do nothing;
    return found;
end;
$$;

create function identity.has_administrator() returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
    return exists (select from identity.users u where u.role = 'admin' and u.is_active);

create function identity.find_credentials(p_email text)
    returns table (id uuid, email text, password_hash text, role text, is_active boolean)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select u.id, u.email, u.password_hash, u.role, u.is_active
    from identity.users u
    where lower(u.email) = lower(p_email) and not u.is_system;
$$;

-- false: no such active user, or not with this password any more. p_stronger_hash: the same password, hashed by today's parameters.
create function identity.open_session(
    p_session_id uuid, p_user_id uuid, p_verified_hash text, p_stronger_hash text, p_token_hash bytea,
    p_now timestamptz, p_expires_at timestamptz, p_ip_address inet, p_user_agent text)
    returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.users u
    set last_login = p_now, password_hash = coalesce(p_stronger_hash, u.password_hash)
    where u.id = p_user_id and u.is_active and u.password_hash = p_verified_hash;
    if not found then
        return false;
    end if;

    insert into identity.sessions (id, user_id, created_at, last_used_at, expires_at, ip_address, user_agent)
    values (p_session_id, p_user_id, p_now, p_now, p_expires_at, p_ip_address, p_user_agent);
    insert into identity.refresh_tokens (session_id, generation, user_id, token_hash, created_at)
    values (p_session_id, 1, p_user_id, p_token_hash, p_now);
    return true;
end;
$$;

-- The hash of the successor is derived by the server from session and generation, hence the same in every retry.
-- outcome: rotated  the successor is stored;
--          retried  a lost answer or a second tab: within 30 s, and its successor not used yet, which is thus given again;
--          reused   a token that was used before, so its whole family is revoked, which the caller must commit;
--          revoked | expired | unknown  nothing changed.
-- Only the first two come with a good session.
create function identity.rotate_refresh_token(
    p_token_hash bytea, p_successor_hash bytea, p_now timestamptz, p_expires_at timestamptz, p_ip_address inet, p_user_agent text)
    returns table (outcome text, session_id uuid, generation integer, user_id uuid, role text)
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    token identity.refresh_tokens;
    family identity.sessions;
    owner identity.users;
begin
    select t.session_id into token.session_id from identity.refresh_tokens t where t.token_hash = p_token_hash;
    if not found then
        return query select 'unknown', null::uuid, null::integer, null::uuid, null::text;
        return;
    end if;

    -- One rotation of a family at a time. What was read before the lock may be stale, so all of it is read again.
    select s.* into family from identity.sessions s where s.id = token.session_id for update;
    select t.* into token from identity.refresh_tokens t where t.token_hash = p_token_hash;
    select u.* into owner from identity.users u where u.id = family.user_id;

    -- The session was erased while this waited.
    if token.session_id is null then
        outcome := 'unknown';
    elsif family.revoked_at is not null or not owner.is_active then
        outcome := 'revoked';
    elsif token.used_at is not null then
        if token.used_at >= p_now - interval '30 seconds' and exists (
            select from identity.refresh_tokens t
            where t.session_id = token.session_id and t.generation = token.generation + 1
                and t.used_at is null and t.token_hash = p_successor_hash)
        then
            outcome := 'retried';
        else
            update identity.sessions s set revoked_at = p_now where s.id = family.id;
            outcome := 'reused';
        end if;
    elsif family.expires_at <= p_now then
        outcome := 'expired';
    else
        update identity.refresh_tokens t set used_at = p_now
        where t.session_id = token.session_id and t.generation = token.generation;
        insert into identity.refresh_tokens (session_id, generation, user_id, token_hash, created_at)
        values (token.session_id, token.generation + 1, token.user_id, p_successor_hash, p_now);
        update identity.sessions s
        set last_used_at = p_now, expires_at = p_expires_at, ip_address = p_ip_address, user_agent = p_user_agent
        where s.id = family.id;
        outcome := 'rotated';
    end if;

    return query select outcome, token.session_id, token.generation + 1, token.user_id, owner.role;
end;
$$;

create function identity.end_session(p_token_hash bytea, p_now timestamptz) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.sessions s
    set revoked_at = p_now
    from identity.refresh_tokens t
    where t.token_hash = p_token_hash and s.id = t.session_id and s.revoked_at is null;
    return found;
end;
$$;

-- What an access token can't know: whether its session still stands, and what its user may do by now.
create function identity.session_state(p_session_id uuid, p_now timestamptz) returns table (is_valid boolean, user_id uuid, role text)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select s.revoked_at is null and s.expires_at > p_now and u.is_active, u.id, u.role
    from identity.sessions s
    join identity.users u on u.id = s.user_id
    where s.id = p_session_id;
$$;

-- An attempt counts as failed until forgive_attempts says otherwise, so that a hundred at once are a hundred.
-- NULL: go ahead; otherwise no earlier than that, and the attempt was not counted. The wait doubles from 30 s to 15 min.
create function identity.begin_attempt(p_key bytea, p_now timestamptz, p_allowance integer default 5) returns timestamptz
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    throttle identity.auth_throttles;
begin
    insert into identity.auth_throttles as t (key, failures, last_attempt_at)
    values (p_key, 1, p_now)
    on conflict (key) do update
        set failures = case when t.last_attempt_at < p_now - interval '1 hour' then 1 else t.failures + 1 end,
            last_attempt_at = p_now
        where t.blocked_until is null or t.blocked_until <= p_now
    returning * into throttle;

    if not found then
        return (select t.blocked_until from identity.auth_throttles t where t.key = p_key);
    end if;

    update identity.auth_throttles t
    set blocked_until = case
        when throttle.failures >= p_allowance
        then p_now + least(interval '15 minutes', interval '30 seconds' * 2 ^ least(throttle.failures - p_allowance, 10))
    end
    where t.key = p_key;
    return null;
end;
$$;

create function identity.forgive_attempts(p_key bytea) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    delete from identity.auth_throttles t where t.key = p_key;
$$;

-- A success takes back what its own attempt counted, and no other's: one good sign-in must not clear the way for a hundred guesses.
create function identity.take_back_attempt(p_key bytea) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    delete from identity.auth_throttles t where t.key = p_key and t.failures = 1;
    update identity.auth_throttles t set failures = t.failures - 1 where t.key = p_key;
$$;

-- Of the current user. All other sessions end with the old password. false: it is not p_verified_hash any more.
create function identity.change_password(p_verified_hash text, p_new_hash text, p_kept_session_id uuid, p_now timestamptz) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.users u
    set password_hash = p_new_hash, updated_at = p_now
    where u.id = platform.current_user_id() and u.password_hash = p_verified_hash;
    if not found then
        return false;
    end if;

    update identity.sessions s
    set revoked_at = p_now
    where s.user_id = platform.current_user_id() and s.id is distinct from p_kept_session_id and s.revoked_at is null;
    return true;
end;
$$;

-- NULL leaves as it is. false: no such user.
create function identity.change_access(p_user_id uuid, p_role text, p_is_active boolean, p_now timestamptz) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if not platform.is_admin() then
        raise insufficient_privilege using message = 'Only an administrator may change what others may do';
    end if;

    update identity.users u
    set role = coalesce(p_role, u.role), is_active = coalesce(p_is_active, u.is_active), updated_at = p_now
    where u.id = p_user_id and not u.is_system;
    return found;
end;
$$;

-- The last administrator is never demoted, deactivated or erased. The lock is what makes two who demote each other take turns.
create function identity.keep_an_administrator() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('identity.administrators', 0));
    if not identity.has_administrator() then
        raise check_violation using
            message = 'The last administrator must stay one', schema = 'identity', table = 'users', constraint = 'users_last_administrator';
    end if;
    return null;
end;
$$;

create trigger users_last_administrator_changed after update of role, is_active on identity.users
    for each row when (old.role = 'admin' and old.is_active and not (new.role = 'admin' and new.is_active))
    execute function identity.keep_an_administrator();
create trigger users_last_administrator_erased after delete on identity.users
    for each row when (old.role = 'admin' and old.is_active)
    execute function identity.keep_an_administrator();

-- Every function that runs with its owner's rights is crypto_beacon_auth's and nobody's by default. A new owner needs CREATE
-- on the schema for the moment.
grant create on schema identity, platform to crypto_beacon_auth;
do $$
declare
    definer regprocedure;
begin
    for definer in
        select p.oid from pg_proc p
        where p.prosecdef and p.pronamespace in ('identity'::regnamespace, 'platform'::regnamespace)
    loop
        execute format('revoke all on function %s from public', definer);
        execute format('alter function %s owner to crypto_beacon_auth', definer);
    end loop;
end;
$$;
revoke create on schema identity, platform from crypto_beacon_auth;

grant execute on function
    platform.is_admin(),
    identity.register_user(uuid, text, text, text, timestamptz),
    identity.find_credentials(text),
    identity.open_session(uuid, uuid, text, text, bytea, timestamptz, timestamptz, inet, text),
    identity.rotate_refresh_token(bytea, bytea, timestamptz, timestamptz, inet, text),
    identity.end_session(bytea, timestamptz),
    identity.session_state(uuid, timestamptz),
    identity.begin_attempt(bytea, timestamptz, integer),
    identity.forgive_attempts(bytea),
    identity.take_back_attempt(bytea),
    identity.change_password(text, text, uuid, timestamptz),
    identity.change_access(uuid, text, boolean, timestamptz)
    to crypto_beacon_app;
grant execute on function
    identity.register_administrator(uuid, text, text, text, timestamptz), identity.has_administrator()
    to current_user;
