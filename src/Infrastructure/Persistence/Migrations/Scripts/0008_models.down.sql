drop table models.model_backtests;
drop table models.trading_models;
