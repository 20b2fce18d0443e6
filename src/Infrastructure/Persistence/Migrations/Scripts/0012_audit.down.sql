-- Takes the trail with it: whoever needs it keeps a dump.

drop trigger trade_history_audited on trading.trade_history;
drop trigger price_batches_posted on api_integration.price_batches;
drop trigger coins_audited on api_integration.coins;
drop trigger trade_imports_audited on trading.trade_imports;
drop trigger opening_balances_audited on portfolios.opening_balances;
drop trigger personal_access_tokens_audited on identity.personal_access_tokens;
drop trigger recovery_codes_audited on identity.recovery_codes;
drop trigger mfa_methods_audited on identity.mfa_methods;
drop trigger sessions_ended on identity.sessions;
drop trigger sessions_opened on identity.sessions;
drop trigger users_audited on identity.users;
drop function audit.record_trades();
drop function audit.record(text, text, text, jsonb, jsonb);
drop function audit.record_change();
drop function audit.as_shown(jsonb, regclass);
drop function audit.changes(jsonb, jsonb);
drop function audit.without_secrets(jsonb);
drop function audit.is_secret(text);
drop function audit.verify_entries(bigint, bytea, integer);
drop function audit.append_entries(integer);
drop function audit.genesis();
drop function audit.entry_hash(audit.audit_entries);
drop table audit.audit_checks;
drop table audit.audit_entries;
drop table audit.audit_outbox;
drop function audit.refuse_change();
drop function platform.current_address();
drop schema audit;

do $$
begin
    execute format(
        'alter database %I set search_path = public, identity, portfolios, watchlists, trading, alerts, api_integration, models, platform',
        current_database());
end;
$$;
