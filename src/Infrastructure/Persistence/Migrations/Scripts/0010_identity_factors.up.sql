-- The second factor: one authenticator app a user, recovery codes for the day it is lost, and the tokens that stand between
-- a right password and a session.

alter table identity.users add column mfa_enabled boolean not null default false;
grant select (mfa_enabled) on identity.users to crypto_beacon_app;
grant update (mfa_enabled) on identity.users to crypto_beacon_auth;

-- secret is sealed by the application; no key to it is in the database.
create table identity.mfa_methods (
    user_id uuid constraint mfa_methods_pkey primary key,
    secret bytea not null,
    last_step bigint not null default 0,
    created_at timestamptz not null default now(),
    confirmed_at timestamptz,

    constraint mfa_methods_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint mfa_methods_secret_check check (octet_length(secret) between 1 and 1000),
    constraint mfa_methods_times_check check (platform.not_in_future(greatest(created_at, confirmed_at)))
);

create table identity.recovery_codes (
    user_id uuid not null,
    code_hash bytea not null,

    constraint recovery_codes_pkey primary key (user_id, code_hash),
    constraint recovery_codes_user_id_fkey foreign key (user_id) references identity.mfa_methods (user_id)
        on delete cascade deferrable initially deferred
);

-- Half a sign-in. Only a hash is kept, and what is tried counts before it is looked at.
create table identity.one_time_tokens (
    token_hash bytea constraint one_time_tokens_pkey primary key,
    user_id uuid not null,
    purpose text not null,
    attempts integer not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,

    constraint one_time_tokens_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint one_time_tokens_purpose_check check (purpose in ('mfa')),
    constraint one_time_tokens_attempts_check check (attempts >= 0),
    constraint one_time_tokens_times_check check (platform.not_in_future(created_at))
);

create index one_time_tokens_user_id on identity.one_time_tokens (user_id);
create index one_time_tokens_expiry on identity.one_time_tokens (expires_at);

alter table identity.mfa_methods enable row level security, force row level security;
alter table identity.recovery_codes enable row level security, force row level security;
alter table identity.one_time_tokens enable row level security, force row level security;

create policy mfa_methods_of_user on identity.mfa_methods to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy recovery_codes_of_user on identity.recovery_codes to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy mfa_methods_auth on identity.mfa_methods for select to crypto_beacon_auth using (true);
create policy one_time_tokens_auth on identity.one_time_tokens to crypto_beacon_auth using (true) with check (true);
create policy one_time_tokens_expired on identity.one_time_tokens to crypto_beacon_worker
    using (expires_at < now()) with check (false);

grant select, insert, update, delete on identity.mfa_methods to crypto_beacon_app;
grant select, insert, delete on identity.recovery_codes to crypto_beacon_app;
grant select on identity.mfa_methods to crypto_beacon_auth;
grant select, insert, update, delete on identity.one_time_tokens to crypto_beacon_auth;
grant select (token_hash, expires_at), delete on identity.one_time_tokens to crypto_beacon_worker;


-- users.mfa_enabled says what mfa_methods holds, whoever writes it.
create function identity.show_mfa() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.users u
    set mfa_enabled = tg_op <> 'DELETE' and new.confirmed_at is not null
    where u.id = coalesce(new.user_id, old.user_id);
    return null;
end;
$$;

create trigger mfa_methods_shown after insert or delete or update of confirmed_at on identity.mfa_methods
    for each row execute function identity.show_mfa();

-- A token that a password was given for is worth nothing once the password is another.
create function identity.drop_one_time_tokens() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    delete from identity.one_time_tokens t where t.user_id = new.id;
    return null;
end;
$$;

create trigger users_password_changed after update of password_hash on identity.users
    for each row when (old.password_hash <> new.password_hash)
    execute function identity.drop_one_time_tokens();

-- true: the password is right and a code is to follow, for which the token is stored. false: no second factor is on.
create function identity.begin_mfa(
    p_token_hash bytea, p_user_id uuid, p_verified_hash text, p_stronger_hash text, p_now timestamptz, p_expires_at timestamptz)
    returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.users u
    set password_hash = coalesce(p_stronger_hash, u.password_hash)
    where u.id = p_user_id and u.mfa_enabled and u.is_active and u.password_hash = p_verified_hash;
    if not found then
        return false;
    end if;

    insert into identity.one_time_tokens (token_hash, user_id, purpose, created_at, expires_at)
    values (p_token_hash, p_user_id, 'mfa', p_now, p_expires_at);
    return true;
end;
$$;

-- Counts one attempt, and says whose it is. No row: unknown, expired, or attempted too often.
create function identity.attempt_mfa(p_token_hash bytea, p_now timestamptz, p_allowance integer)
    returns table (id uuid, email text, password_hash text, role text, is_active boolean)
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    update identity.one_time_tokens t
    set attempts = t.attempts + 1
    from identity.users u
    where t.token_hash = p_token_hash and t.purpose = 'mfa' and t.expires_at > p_now and t.attempts < p_allowance
        and u.id = t.user_id and u.is_active
    returning u.id, u.email, u.password_hash, u.role, u.is_active;
$$;

-- false: somebody else was faster with the same token.
create function identity.spend_mfa(p_token_hash bytea) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    delete from identity.one_time_tokens t where t.token_hash = p_token_hash and t.purpose = 'mfa';
    return found;
end;
$$;

-- One secret for each key that seals any, so that a start can tell whether it holds the keys. A sealed value begins with a version and the
-- length and letters of its key's id.
create function identity.sealed_samples() returns table (user_id uuid, secret bytea)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select distinct on (substring(m.secret from 2 for 1 + get_byte(m.secret, 1))) m.user_id, m.secret from identity.mfa_methods m;
$$;

grant create on schema identity to crypto_beacon_auth;
do $$
declare
    definer regprocedure;
begin
    foreach definer in array array[
        'identity.show_mfa()', 'identity.drop_one_time_tokens()',
        'identity.begin_mfa(bytea, uuid, text, text, timestamptz, timestamptz)',
        'identity.attempt_mfa(bytea, timestamptz, integer)', 'identity.spend_mfa(bytea)', 'identity.sealed_samples()']::regprocedure[]
    loop
        execute format('revoke all on function %s from public', definer);
        execute format('alter function %s owner to crypto_beacon_auth', definer);
    end loop;
end;
$$;
revoke create on schema identity from crypto_beacon_auth;

grant execute on function
    identity.begin_mfa(bytea, uuid, text, text, timestamptz, timestamptz),
    identity.attempt_mfa(bytea, timestamptz, integer),
    identity.spend_mfa(bytea)
    to crypto_beacon_app;
grant execute on function identity.sealed_samples() to current_user;
