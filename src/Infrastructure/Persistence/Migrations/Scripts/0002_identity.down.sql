-- Erases the users and so whatever else is theirs.

alter table platform.idempotency_keys drop constraint idempotency_keys_user_id_fkey;
-- Not DELETE, which row-level security would make find nothing.
truncate platform.idempotency_keys;

drop trigger users_last_administrator_erased on identity.users;
drop trigger users_last_administrator_changed on identity.users;
drop function identity.keep_an_administrator();
drop function identity.change_access(uuid, text, boolean, timestamptz);
drop function identity.change_password(text, text, uuid, timestamptz);
drop function identity.take_back_attempt(bytea);
drop function identity.forgive_attempts(bytea);
drop function identity.begin_attempt(bytea, timestamptz, integer);
drop function identity.session_state(uuid, timestamptz);
drop function identity.end_session(bytea, timestamptz);
drop function identity.rotate_refresh_token(bytea, bytea, timestamptz, timestamptz, inet, text);
drop function identity.open_session(uuid, uuid, text, text, bytea, timestamptz, timestamptz, inet, text);
drop function identity.find_credentials(text);
drop function identity.has_administrator();
drop function identity.register_administrator(uuid, text, text, text, timestamptz);
drop function identity.register_user(uuid, text, text, text, timestamptz);

drop policy users_administered on identity.users;
drop function platform.is_admin();

drop table identity.auth_throttles;
drop table identity.refresh_tokens;
drop table identity.sessions;
drop table identity.users;

revoke usage on schema identity from crypto_beacon_auth;
