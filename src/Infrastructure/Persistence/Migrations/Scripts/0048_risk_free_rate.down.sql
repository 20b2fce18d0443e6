alter table models.model_sweeps drop column risk_free_rate;
alter table models.model_backtests drop column risk_free_rate;
