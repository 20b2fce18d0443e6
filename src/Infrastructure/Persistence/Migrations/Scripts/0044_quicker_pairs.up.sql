-- Looking for the inverse of a pair was planned anew at each call, since with the currency's name in it the plan looks cheaper: twenty times what the search takes,
-- and a ledger whose coins have no rate asks five times an entry. By variables it is planned once a session.
create or replace function api_integration.pair_at(p_coin_id text, p_currency text, p_at timestamptz)
    returns table (numerator numeric, denominator numeric, as_of timestamptz, route text[])
    language plpgsql stable parallel safe rows 1
as $$
declare
    base constant text := api_integration.coin_of_currency(p_currency);
    quoted_in text;
begin
    if base = p_coin_id then
        return query select 1::numeric, 1::numeric, p_at, array[]::text[];
        return;
    end if;

    return query
        select quote.price, 1::numeric, quote.as_of, array[p_coin_id || '/' || p_currency]
        from api_integration.quote_at(p_coin_id, p_currency, p_at) quote;
    if found or base is null then
        return;
    end if;

    select coin.symbol into quoted_in from api_integration.coins coin where coin.coin_id = p_coin_id;
    if api_integration.coin_of_currency(quoted_in) = p_coin_id then
        return query
            select 1::numeric, quote.price, quote.as_of, array[base || '/' || quoted_in]
            from api_integration.quote_at(base, quoted_in, p_at) quote
            where quote.price > 0;
    end if;
end;
$$;

-- Nor does a route by way of one of its own ends say anything that the pair itself has not.
create or replace function api_integration.rate_at(coin_id text, currency text, at timestamptz)
    returns table (price numeric, as_of timestamptz, route text[])
    language plpgsql stable parallel safe rows 1
as $$
#variable_conflict use_column
declare
    hub record;
begin
    return query
        select platform.quotient(pair.numerator, pair.denominator), pair.as_of, pair.route
        from api_integration.pair_at($1, $2, $3) pair
        -- A worth that vanishes in the rounding is unknown, not nothing.
        where platform.quotient(pair.numerator, pair.denominator) > 0 or pair.numerator = 0;
    if found then
        return;
    end if;

    for hub in select * from (values ('usd', 'USD'), ('bitcoin', 'BTC')) hubs (coin, symbol) where symbol <> $2 and coin <> $1 loop
        return query
            select crossed.price, crossed.as_of, crossed.route
            from (
                select
                    platform.quotient(bought.numerator * sold.numerator, bought.denominator * sold.denominator) as price,
                    bought.numerator * sold.numerator = 0 as is_worthless,
                    least(bought.as_of, sold.as_of) as as_of,
                    bought.route || sold.route as route
                from api_integration.pair_at($1, hub.symbol, $3) bought
                cross join api_integration.pair_at(hub.coin, $2, $3) sold
            ) crossed
            where crossed.price > 0 or crossed.is_worthless;
        if found then
            return;
        end if;
    end loop;
end;
$$;
