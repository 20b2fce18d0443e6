-- Where the price of a trade is from. The specification wants a price always; one that nobody knows is 0 here and null to clients.
alter table trading.trades
    add column price_basis text not null default 'given',
    add column fee_coin_id text,
    add constraint trades_price_basis_check check (
        price_basis in ('given', 'derived') or price_basis = 'unknown' and price = 0 and total_value = 0),
    add constraint trades_fee_coin_id_check check (platform.is_coin_id(fee_coin_id) and fee_coin_id <> coin_id),
    add constraint trades_acquired_at_check check (acquired_at is null or type = 'deposit' and acquired_at <= "timestamp");

-- Fees that are taken out of a third coin's holding, as that coin's ledger reads them.
create index trades_fee_position on trading.trades (portfolio_id, fee_coin_id, "timestamp", id)
    where fee_coin_id is not null and deduct_fees;

create or replace function trading.trade_as_shown(trade trading.trades) returns jsonb
    language sql stable parallel safe
as $$
    select jsonb_build_object(
        'id', trade.id,
        'portfolioId', trade.portfolio_id,
        'coinId', trade.coin_id,
        'type', trade.type,
        'quantity', trim_scale(trade.quantity)::text,
        'price', case when trade.price_basis <> 'unknown' then trim_scale(trade.price)::text end,
        'totalValue', case when trade.price_basis <> 'unknown' then trim_scale(trade.total_value)::text end,
        'currency', trade.currency,
        'fee', trim_scale(trade.fee)::text,
        'feeCurrency', trade.fee_currency,
        'deductFees', trade.deduct_fees,
        'timestamp', to_char(trade."timestamp" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'acquiredAt', to_char(trade.acquired_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'exchange', trade.exchange,
        'externalId', trade.external_id,
        'linkId', trade.link_id,
        'notes', trade.notes,
        'tags', coalesce(to_jsonb(trade.tags), '[]'),
        'importId', trade.import_id)
$$;

-- Published to all modules: the opening balances of the user that asks, one lot each, its unit cost in the portfolio's currency.
create function portfolios.opening_lots()
    returns table (
        user_id uuid, portfolio_id uuid, coin_id text, quantity numeric, avg_buy_price numeric, currency text, acquired_at timestamptz,
        created_at timestamptz)
    language sql stable parallel safe
as $$
    select o.user_id, o.portfolio_id, o.coin_id, o.quantity, o.avg_buy_price, p.currency, o.acquired_at, o.created_at
    from portfolios.opening_balances o
    join portfolios.portfolios p on p.user_id = o.user_id and p.id = o.portfolio_id
    where o.user_id = platform.current_user_id()
$$;
