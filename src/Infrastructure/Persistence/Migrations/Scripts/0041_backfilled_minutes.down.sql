alter table api_integration.candle_backfills no force row level security;
delete from api_integration.candle_backfills where level = 'minutes';
alter table api_integration.candle_backfills force row level security;

alter table api_integration.candle_backfills
    drop constraint candle_backfills_pkey,
    drop column level,
    drop column looked_until,
    add constraint candle_backfills_pkey primary key (coin_id, currency);
