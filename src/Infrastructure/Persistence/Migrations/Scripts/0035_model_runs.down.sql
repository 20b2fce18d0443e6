drop trigger users_runs_cancelled on identity.users;
drop function models.cancel_runs();
drop table models.trained_models;
drop table models.model_sweeps;

drop trigger model_backtests_audited on models.model_backtests;
drop trigger model_backtests_cancelled on models.model_backtests;
drop trigger model_backtests_removed on models.model_backtests;
drop trigger model_backtests_ended on models.model_backtests;
drop function models.announce_end();

drop policy model_backtests_of_deactivated on models.model_backtests;
drop policy model_backtests_asked_again on models.model_backtests;
drop policy model_backtests_of_jobs on models.model_backtests;
revoke all (user_id, status, finished_at) on models.model_backtests from crypto_beacon_auth;
revoke usage on schema models from crypto_beacon_auth;
revoke all (id, user_id, status, created_at, seen_at) on models.model_backtests from crypto_beacon_worker;
drop index models.model_backtests_unfinished;

alter table models.model_backtests
    drop constraint model_backtests_progress_check,
    drop constraint model_backtests_rates_check,
    drop constraint model_backtests_capital_check,
    drop constraint model_backtests_interval_check,
    drop constraint model_backtests_currency_check,
    drop constraint model_backtests_configuration_check,
    drop column reproducibility,
    drop column problem,
    drop column seen_at,
    drop column attempts,
    drop column runner,
    drop column finished_at,
    drop column started_at,
    drop column progress,
    drop column slippage_rate,
    drop column fee_rate,
    drop column initial_capital,
    drop column interval,
    drop column currency,
    drop column configuration;

drop trigger trading_models_audited on models.trading_models;
create trigger trading_models_audited after insert or update or delete on models.trading_models
    for each row execute function audit.record_change('id', 'user_id', 'created_at,updated_at,performance');
drop trigger trading_models_revised on models.trading_models;
drop function models.revise_model();
alter table models.trading_models drop column revision;
