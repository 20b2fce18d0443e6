drop function api_integration.fold_hours(timestamptz, integer);
drop trigger candles_removed_mark_hours on api_integration.candles;
drop trigger candles_changed_mark_hours on api_integration.candles;
drop trigger candles_added_mark_hours on api_integration.candles;
drop function api_integration.mark_hours();
drop view api_integration.hourly_candles;
drop function api_integration.fold_hour(text, text, timestamptz);
drop table api_integration.unfolded_hours;
drop table api_integration.candle_hours;
