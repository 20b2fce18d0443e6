-- What money would have earned elsewhere, a ratio a year.
alter table models.model_backtests
    add column risk_free_rate numeric not null default 0,
    add constraint model_backtests_risk_free_rate_check check (
        platform.is_decimal28(risk_free_rate) and risk_free_rate >= 0 and risk_free_rate < 1);
alter table models.model_sweeps
    add column risk_free_rate numeric not null default 0,
    add constraint model_sweeps_risk_free_rate_check check (
        platform.is_decimal28(risk_free_rate) and risk_free_rate >= 0 and risk_free_rate < 1);
