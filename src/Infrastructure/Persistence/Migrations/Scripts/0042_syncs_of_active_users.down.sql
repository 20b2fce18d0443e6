drop trigger users_syncs_cancelled on identity.users;
drop function api_integration.cancel_syncs();
drop policy sync_runs_of_deactivated on api_integration.sync_runs;
revoke all (user_id, status, fault, error, finished_at) on api_integration.sync_runs from crypto_beacon_auth;
revoke usage on schema api_integration from crypto_beacon_auth;
drop function identity.is_active_user(uuid);
