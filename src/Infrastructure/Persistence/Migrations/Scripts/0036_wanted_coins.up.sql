-- Which coins are to be priced: those that somebody holds, watches or has an alert on, and the currencies that portfolios and alerts are in. The worker
-- sees which, and not whose.

create policy portfolio_assets_polled on portfolios.portfolio_assets for select to crypto_beacon_worker using (true);
grant select (coin_id) on portfolios.portfolio_assets to crypto_beacon_worker;
create policy watchlist_items_polled on watchlists.watchlist_items for select to crypto_beacon_worker using (true);
grant select (coin_id) on watchlists.watchlist_items to crypto_beacon_worker;

-- Published to all modules.
create function portfolios.held_coins() returns table (coin_id text)
    language sql stable parallel safe
as $$
    select distinct a.coin_id from portfolios.portfolio_assets a
$$;

-- Published to all modules.
create function portfolios.currencies_in_use() returns table (currency text)
    language sql stable parallel safe
as $$
    select distinct p.currency from portfolios.portfolios p
$$;

-- Published to all modules.
create function watchlists.watched_coins() returns table (coin_id text)
    language sql stable parallel safe
as $$
    select distinct i.coin_id from watchlists.watchlist_items i
$$;

-- Published to all modules: what active alerts are about.
create function alerts.watched_pairs() returns table (coin_id text, currency text)
    language sql stable parallel safe
as $$
    select distinct a.coin_id, a.currency from alerts.alerts a where a.is_active
$$;

-- Read by the job alone, which fills in what is missing of the candles: when it has last looked for those of a pair.
create table api_integration.candle_backfills (
    coin_id text not null,
    currency text not null,
    tried_at timestamptz not null,

    constraint candle_backfills_pkey primary key (coin_id, currency),
    constraint candle_backfills_coin_id_check check (platform.is_coin_id(coin_id))
);

alter table api_integration.candle_backfills enable row level security, force row level security;
create policy candle_backfills_worked on api_integration.candle_backfills to crypto_beacon_worker using (true) with check (true);
grant select, insert, update, delete on api_integration.candle_backfills to crypto_beacon_worker;

-- The coins to price in USD. Tether is among them, since Binance prices in it.
create function api_integration.wanted_coins() returns table (coin_id text)
    language sql stable parallel safe
as $$
    select wanted.coin_id
    from (
        select h.coin_id from portfolios.held_coins() h
        union select w.coin_id from watchlists.watched_coins() w
        union select a.coin_id from alerts.watched_pairs() a
        union select api_integration.coin_of_currency(c.currency)
            from (select p.currency from portfolios.currencies_in_use() p union select a.currency from alerts.watched_pairs() a) c
        union select 'tether'
    ) wanted
    where wanted.coin_id <> 'usd'
$$;

-- What to ask a provider for each wanted coin: the market in USD, else in a coin that is worth one, with its rate in USD, null where nobody knows it. A coin is
-- found by the provider's own id or by a symbol that is the coin's alone.
create function api_integration.wanted_markets(p_provider uuid)
    returns table (coin_id text, symbol text, currency text, rate numeric)
    language sql stable
as $$
    select distinct on (wanted.coin_id) wanted.coin_id, listing.symbol, priced.currency,
        case when priced.currency = 'USD' then 1 else (select r.price from api_integration.rate_at(priced.coin, 'USD', now()) r) end
    from api_integration.wanted_coins() wanted
    left join lateral (
        select s.symbol from api_integration.coin_symbols() s where s.coin_ids = array[wanted.coin_id]
    ) named on true
    join api_integration.listings listing
        on listing.provider_id = p_provider and (listing.coin_id = wanted.coin_id or (listing.coin_id is null and listing.asset = named.symbol))
    join (values ('USD', 'usd', 1), ('USDT', 'tether', 2), ('USDC', 'usd-coin', 3)) priced (currency, coin, position)
        on priced.currency = coalesce(listing.currency, 'USD') and priced.coin <> wanted.coin_id
    order by wanted.coin_id, priced.position, listing.symbol
$$;
