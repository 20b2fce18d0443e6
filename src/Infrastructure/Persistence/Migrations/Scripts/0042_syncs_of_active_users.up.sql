-- Whoever is deactivated has no account read any more, neither by a sync that runs nor by one that every night begins.

-- Published to all modules: whether a user may sign in.
create function identity.is_active_user(p_user_id uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select exists (select from identity.users u where u.id = p_user_id and u.is_active)
$$;

create policy sync_runs_of_deactivated on api_integration.sync_runs to crypto_beacon_auth using (true) with check (status = 'cancelled');
grant usage on schema api_integration to crypto_beacon_auth;
grant select (user_id, status), update (status, fault, error, finished_at) on api_integration.sync_runs to crypto_beacon_auth;

create function api_integration.cancel_syncs() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update api_integration.sync_runs r
    set status = 'cancelled', fault = 'inactive', error = 'The account was deactivated.', finished_at = now()
    where r.user_id = new.id and r.status in ('queued', 'running');
    return null;
end;
$$;

create trigger users_syncs_cancelled after update of is_active on identity.users
    for each row when (old.is_active and not new.is_active)
    execute function api_integration.cancel_syncs();

revoke all on function identity.is_active_user(uuid), api_integration.cancel_syncs() from public;
grant create on schema identity, api_integration to crypto_beacon_auth;
alter function identity.is_active_user(uuid) owner to crypto_beacon_auth;
alter function api_integration.cancel_syncs() owner to crypto_beacon_auth;
revoke create on schema identity, api_integration from crypto_beacon_auth;
grant execute on function identity.is_active_user(uuid) to crypto_beacon_worker;
