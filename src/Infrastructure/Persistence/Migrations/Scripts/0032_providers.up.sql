-- The providers that the program has connectors for, with their limits as data; what they list and say; the budget of calls that all servers share.

alter table api_integration.api_providers
    add priority integer not null default 100,
    add poll_interval interval not null default interval '1 minute',
    add constraint api_providers_priority_check check (priority between 0 and 1000000),
    add constraint api_providers_poll_interval_check check (poll_interval >= interval '1 second');

-- The owner is held to the policies, too.
alter table api_integration.api_providers no force row level security;

insert into api_integration.api_providers
    (id, name, base_url, description, docs_url, auth_method, rate_limit_window, rate_limit_count, priority, poll_interval)
values
    ('00000000-0000-7000-8000-000000000101', 'kraken', 'https://api.kraken.com',
        'Kraken spot: prices, candles, accounts. The limit is that of a private key, which its public calls keep to as well.',
        'https://docs.kraken.com/api/', 'hmac-sha512', interval '45 seconds', 15, 10, interval '1 minute'),
    ('00000000-0000-7000-8000-000000000102', 'coinbase', 'https://api.exchange.coinbase.com',
        'Coinbase Exchange: prices, candles, accounts. The secret of a key is written <secret>:<passphrase>.',
        'https://docs.cdp.coinbase.com/exchange/', 'hmac-sha256', interval '1 second', 10, 20, interval '1 minute'),
    ('00000000-0000-7000-8000-000000000103', 'binance', 'https://api.binance.com',
        'Binance spot: prices in USDT, candles, accounts. The limit is in request weight.',
        'https://developers.binance.com/docs/binance-spot-api-docs/', 'hmac-sha256', interval '1 minute', 6000, 30, interval '1 minute'),
    ('00000000-0000-7000-8000-000000000104', 'coingecko', 'https://api.coingecko.com/api/v3',
        'CoinGecko: prices of every coin, averaged over exchanges. The limit is that of the public API; a demo key allows 30 a minute and 10,000 a month.',
        'https://docs.coingecko.com/', 'api-key', interval '1 minute', 10, 40, interval '5 minutes'),
    ('00000000-0000-7000-8000-000000000105', 'simulated', 'https://simulated.crypto-beacon.invalid',
        'Moving prices for a dozen coins, made by the server itself where CryptoBeacon:MarketData:Simulated is on.',
        null, null, null, null, 1000, interval '10 seconds')
on conflict (id) do nothing;

alter table api_integration.api_providers force row level security;

-- What a provider prices, by its own names. currency: null where it prices in whatever is asked for. coin_id: where its names are ours.
create table api_integration.listings (
    provider_id uuid not null,
    symbol text not null,
    asset text not null,
    currency text,
    coin_id text,
    name text,

    constraint listings_pkey primary key (provider_id, symbol),
    constraint listings_provider_id_fkey foreign key (provider_id) references api_integration.api_providers (id)
        on delete cascade deferrable initially deferred,
    constraint listings_symbol_check check (char_length(symbol) between 1 and 200),
    constraint listings_asset_check check (char_length(asset) between 1 and 100),
    constraint listings_currency_check check (char_length(currency) between 1 and 100),
    constraint listings_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint listings_name_check check (char_length(name) between 1 and 200)
);

create index listings_asset on api_integration.listings (asset);

-- What each polled provider says of a pair, whether it is taken at its word or held back; latest_prices has what counts.
create table api_integration.provider_quotes (
    provider_id uuid not null,
    coin_id text not null,
    currency text not null,
    price numeric not null,
    as_of timestamptz not null,
    received_at timestamptz not null default now(),
    is_taken boolean not null default false,
    is_held_back boolean not null default false,

    constraint provider_quotes_pkey primary key (provider_id, coin_id, currency),
    constraint provider_quotes_provider_id_fkey foreign key (provider_id) references api_integration.api_providers (id)
        on delete cascade deferrable initially deferred,
    constraint provider_quotes_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint provider_quotes_price_check check (price > 0 and platform.is_decimal28(price)),
    constraint provider_quotes_times_check check (platform.not_in_future(greatest(as_of, received_at)))
);

create index provider_quotes_coin_id_currency on api_integration.provider_quotes (coin_id, currency);

-- How polling goes: who began when, and why the last one failed.
create table api_integration.provider_polls (
    provider_id uuid not null,
    kind text not null,
    started_at timestamptz not null,
    succeeded_at timestamptz,
    error text,

    constraint provider_polls_pkey primary key (provider_id, kind),
    constraint provider_polls_provider_id_fkey foreign key (provider_id) references api_integration.api_providers (id)
        on delete cascade deferrable initially deferred,
    constraint provider_polls_kind_check check (kind in ('prices', 'listings', 'candles')),
    constraint provider_polls_error_check check (char_length(error) <= 4000)
);

-- The budget of calls to a provider, in weight within a window, of all servers together. blocked_until: the provider has said so.
create table api_integration.rate_limit_buckets (
    provider_id uuid constraint rate_limit_buckets_pkey primary key,
    window_start timestamptz not null,
    used integer not null,
    blocked_until timestamptz,

    constraint rate_limit_buckets_provider_id_fkey foreign key (provider_id) references api_integration.api_providers (id)
        on delete cascade deferrable initially deferred,
    constraint rate_limit_buckets_used_check check (used >= 0)
);

-- Takes a call's weight out of the budget, or says when there will be room: one row, in one statement, whichever server asks. A call
-- heavier than the whole budget has a window for itself.
create function api_integration.take_weight(p_provider uuid, p_weight integer, p_window interval, p_limit integer)
    returns table (is_granted boolean, retry_at timestamptz)
    language sql volatile rows 1
as $$
    with present as (
        select now() as at, date_bin(p_window, now(), '1970-01-01T00:00:00Z') as starts
    ), taken as (
        insert into api_integration.rate_limit_buckets as bucket (provider_id, window_start, used)
        select p_provider, starts, p_weight from present
        on conflict (provider_id) do update
            set used = case when bucket.window_start = excluded.window_start then bucket.used else 0 end + p_weight,
                window_start = excluded.window_start
            where coalesce(bucket.blocked_until <= now(), true)
                and (bucket.window_start <> excluded.window_start or bucket.used = 0 or bucket.used + p_weight <= p_limit)
        returning provider_id
    )
    select exists (select from taken), greatest(present.starts + p_window, bucket.blocked_until)
    from present
    left join api_integration.rate_limit_buckets bucket on bucket.provider_id = p_provider
$$;

do $$
declare
    polled_table text;
begin
    foreach polled_table in array array['listings', 'provider_quotes', 'provider_polls', 'rate_limit_buckets'] loop
        execute format('alter table api_integration.%I enable row level security, force row level security', polled_table);
        execute format(
            'create policy %1$I on api_integration.%2$I for select to crypto_beacon_app using (true)', polled_table || '_read', polled_table);
        execute format(
            'create policy %1$I on api_integration.%2$I to crypto_beacon_worker using (true) with check (true)',
            polled_table || '_worked', polled_table);
        execute format('grant select on api_integration.%I to crypto_beacon_app', polled_table);
        execute format('grant select, insert, update, delete on api_integration.%I to crypto_beacon_worker', polled_table);
    end loop;
end;
$$;
