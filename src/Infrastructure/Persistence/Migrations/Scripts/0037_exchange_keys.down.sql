drop table api_integration.sync_runs;

create or replace function audit.is_secret(name text) returns boolean
    language sql immutable parallel safe
    return name ~* '(password|secret|token|hash|fingerprint|api_?key|recovery|totp|otp|code("|$))';

revoke select (id, user_id, provider_id, is_active, sync_portfolio_id) on api_integration.api_keys from crypto_beacon_worker;
drop policy api_keys_synced on api_integration.api_keys;
drop policy api_keys_rewrapped on api_integration.api_keys;

drop trigger api_keys_audited on api_integration.api_keys;
create trigger api_keys_audited after insert or delete or update of updated_at on api_integration.api_keys
    for each row execute function audit.record_change('id', 'user_id', 'created_at,updated_at,last_used');

drop trigger api_keys_revised on api_integration.api_keys;
drop function api_integration.revise_key();
alter table api_integration.api_keys
    drop column masked,
    drop column permissions_checked,
    drop column sync_portfolio_id,
    drop column revision;
