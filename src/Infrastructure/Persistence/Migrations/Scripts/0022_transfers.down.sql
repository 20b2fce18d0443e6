drop index trading.trades_transfers;
