drop table trading.trade_history;
drop table trading.trades;
drop table trading.trade_imports;
drop function trading.are_tags(text[]);
