drop table trading.trade_history;
drop function trading.trade_as_shown(trading.trades);
drop table trading.trades;
drop table trading.trade_imports;
drop function trading.are_tags(text[]);
