drop function trading.earliest_change_since(uuid, timestamptz);
drop table portfolios.portfolio_snapshots;
revoke select (id, user_id, currency, cost_basis_method, updated_at) on portfolios.portfolios from crypto_beacon_worker;
drop policy portfolios_snapshot on portfolios.portfolios;
