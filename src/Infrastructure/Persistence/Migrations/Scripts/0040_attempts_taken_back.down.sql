create or replace function identity.take_back_attempt(p_key bytea) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    delete from identity.auth_throttles t where t.key = p_key and t.failures = 1;
    update identity.auth_throttles t set failures = t.failures - 1 where t.key = p_key;
$$;
