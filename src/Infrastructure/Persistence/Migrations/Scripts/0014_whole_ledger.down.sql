drop function portfolios.opening_lots();

create or replace function trading.trade_as_shown(trade trading.trades) returns jsonb
    language sql stable parallel safe
as $$
    select jsonb_build_object(
        'id', trade.id,
        'portfolioId', trade.portfolio_id,
        'coinId', trade.coin_id,
        'type', trade.type,
        'quantity', trim_scale(trade.quantity)::text,
        'price', trim_scale(trade.price)::text,
        'totalValue', trim_scale(trade.total_value)::text,
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

drop index trading.trades_fee_position;

alter table trading.trades
    drop constraint trades_acquired_at_check,
    drop column fee_coin_id,
    drop column price_basis;
