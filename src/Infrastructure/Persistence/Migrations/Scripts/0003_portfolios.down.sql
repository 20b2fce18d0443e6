drop view portfolios.assets;
drop table portfolios.opening_balances;
drop table portfolios.portfolio_assets;
drop table portfolios.portfolios;
