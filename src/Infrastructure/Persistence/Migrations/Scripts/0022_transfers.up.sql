-- The halves of transfers between portfolios: whoever changes a ledger asks where its coins have gone.
create index trades_transfers on trading.trades (portfolio_id, coin_id) where link_id is not null and type in ('deposit', 'withdrawal');
