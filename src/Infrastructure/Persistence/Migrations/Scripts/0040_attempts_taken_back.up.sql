-- Two that were right at once and took their attempts back together left less than nothing counted, which the table refuses: the second read the
-- count before the first had written it. Whoever takes one back has the row first.
create or replace function identity.take_back_attempt(p_key bytea) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    select from identity.auth_throttles t where t.key = p_key for update;
    delete from identity.auth_throttles t where t.key = p_key and t.failures = 1;
    update identity.auth_throttles t set failures = t.failures - 1 where t.key = p_key;
$$;
