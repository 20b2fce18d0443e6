-- What a bot or a spreadsheet signs its requests with: by hash, for some scopes, until it expires or is deleted.

create table identity.personal_access_tokens (
    id uuid constraint personal_access_tokens_pkey primary key,
    user_id uuid not null,
    name text not null,
    token_hash bytea not null,
    scopes text[] not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    expires_at timestamptz,

    constraint personal_access_tokens_token_hash_key unique (token_hash),
    constraint personal_access_tokens_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint personal_access_tokens_name_check check (char_length(name) between 1 and 100),
    -- No scope at all would read as all of them.
    constraint personal_access_tokens_scopes_check check (
        cardinality(scopes) > 0
        and scopes <@ array['read', 'portfolios:write', 'watchlists:write', 'trades:write', 'alerts:write', 'models:write', 'keys:write']),
    constraint personal_access_tokens_times_check check (platform.not_in_future(greatest(created_at, last_used_at)))
);

create index personal_access_tokens_user_id on identity.personal_access_tokens (user_id, id);

alter table identity.personal_access_tokens enable row level security, force row level security;
create policy personal_access_tokens_of_user on identity.personal_access_tokens to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy personal_access_tokens_auth on identity.personal_access_tokens to crypto_beacon_auth using (true) with check (true);

grant select, insert, delete on identity.personal_access_tokens to crypto_beacon_app;
grant select, update (last_used_at) on identity.personal_access_tokens to crypto_beacon_auth;

-- Whose request this is, and what it may do. Asked for every request, so last_used_at is kept to the minute.
create function identity.use_personal_access_token(p_token_hash bytea, p_now timestamptz)
    returns table (user_id uuid, scopes text[])
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    update identity.personal_access_tokens t
    set last_used_at = p_now
    where t.token_hash = p_token_hash and (t.last_used_at is null or t.last_used_at < p_now - interval '1 minute');

    select t.user_id, t.scopes
    from identity.personal_access_tokens t
    join identity.users u on u.id = t.user_id and u.is_active
    where t.token_hash = p_token_hash and (t.expires_at is null or t.expires_at > p_now);
$$;

grant create on schema identity to crypto_beacon_auth;
revoke all on function identity.use_personal_access_token(bytea, timestamptz) from public;
alter function identity.use_personal_access_token(bytea, timestamptz) owner to crypto_beacon_auth;
revoke create on schema identity from crypto_beacon_auth;
grant execute on function identity.use_personal_access_token(bytea, timestamptz) to crypto_beacon_app;
