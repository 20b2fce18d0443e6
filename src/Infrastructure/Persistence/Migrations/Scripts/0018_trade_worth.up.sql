-- The other leg of a swap, or the other half of a transfer between one's own: of several trades with one link the n-th that gives belongs
-- to the n-th that takes. A leg of a swap moves another coin, a half of a transfer the same.
create function trading.counterpart(trade trading.trades) returns setof trading.trades
    language sql stable parallel safe rows 1
as $$
    with linked as (
        select leg, row_number() over (
            partition by leg.type, case when leg.type in ('deposit', 'withdrawal') then leg.coin_id end
            order by leg."timestamp", leg.id) as place
        from trading.trades leg
        where leg.user_id = trade.user_id and leg.link_id = trade.link_id
    )
    select (other.leg).*
    from linked own
    join linked other on other.place = own.place
    where (own.leg).id = trade.id
        and (other.leg).type = case trade.type
            when 'buy' then 'sell' when 'sell' then 'buy' when 'deposit' then 'withdrawal' when 'withdrawal' then 'deposit'
        end
        and (trade.type in ('buy', 'sell') or (other.leg).coin_id = trade.coin_id)
$$;

-- A trade's own price as amount × rate in a currency, at the rate of its minute.
create function trading.own_worth(trade trading.trades, p_currency text)
    returns table (amount numeric, price numeric, coin_id text, as_of timestamptz, route text[])
    language plpgsql stable parallel safe rows 1
as $$
begin
    if trade.price_basis = 'unknown' then
        return;
    elsif trade.currency = p_currency then
        return query select trade.total_value, 1::numeric, null::text, null::timestamptz, null::text[];
    else
        return query
            select trade.total_value, rate.price, coin, rate.as_of, rate.route
            from api_integration.coin_of_currency(trade.currency) coin
            cross join lateral api_integration.rate_at(coin, p_currency, date_trunc('minute', trade."timestamp")) rate;
    end if;
end;
$$;

-- What the market paid for a trade's coin.
create function trading.market_worth(trade trading.trades, p_currency text)
    returns table (amount numeric, price numeric, coin_id text, as_of timestamptz, route text[])
    language sql stable parallel safe rows 1
as $$
    select trade.quantity, rate.price, trade.coin_id, rate.as_of, rate.route
    from api_integration.rate_at(trade.coin_id, p_currency, date_trunc('minute', trade."timestamp")) rate
$$;

-- What a trade was worth in a currency, as amount × rate, the fee left out; no row where nobody knows. Both legs of a swap are worth
-- what the sold coin was, else what the bought one was: by the price that was given for it, unless that is in the other coin and so says no
-- more than how much was swapped, else by the market's. Income and what is withdrawn without a price is worth the market's, too.
create function trading.worth_in(trade trading.trades, p_currency text)
    returns table (amount numeric, price numeric, coin_id text, as_of timestamptz, route text[])
    language plpgsql stable parallel safe rows 1
as $$
declare
    other trading.trades;
    leg record;
begin
    if trade.link_id is not null and trade.type in ('buy', 'sell') then
        select * into other from trading.counterpart(trade);
    end if;

    if other.id is null then
        return query select * from trading.own_worth(trade, p_currency);
        if not found and trade.price_basis = 'unknown' and trade.type in ('income', 'withdrawal') then
            return query select * from trading.market_worth(trade, p_currency);
        end if;

        return;
    end if;

    for leg in
        select legs.one, legs.two
        from (values (trade, other), (other, trade)) legs (one, two)
        order by (legs.one).type = 'sell' desc
    loop
        if api_integration.coin_of_currency((leg.one).currency) is distinct from (leg.two).coin_id then
            return query select * from trading.own_worth(leg.one, p_currency);
            if found then
                return;
            end if;
        end if;

        return query select * from trading.market_worth(leg.one, p_currency);
        if found then
            return;
        end if;
    end loop;
end;
$$;
