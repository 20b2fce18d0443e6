-- What is missing of a pair's candles is asked for once. level: hours without a candle, or minutes in hours that have some. looked_until: up to there all is
-- there or has been asked for; null: nothing is known yet.

alter table api_integration.candle_backfills
    add column level text not null default 'hours',
    add column looked_until timestamptz,
    drop constraint candle_backfills_pkey,
    add constraint candle_backfills_pkey primary key (coin_id, currency, level),
    add constraint candle_backfills_level_check check (level in ('hours', 'minutes')),
    add constraint candle_backfills_looked_until_check check (extract(epoch from looked_until) % 3600 = 0);

alter table api_integration.candle_backfills alter column level drop default;
