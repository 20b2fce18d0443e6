drop function trading.worth_in(trading.trades, text);
drop function trading.market_worth(trading.trades, text);
drop function trading.own_worth(trading.trades, text);
drop function trading.counterpart(trading.trades);
