-- Providers, keys and their use; coins, prices and candles.

create table api_integration.api_providers (
    id uuid constraint api_providers_pkey primary key,
    name text not null,
    base_url text not null,
    description text,
    docs_url text,
    auth_method text,
    rate_limit_window interval,
    rate_limit_count integer,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    is_active boolean not null default true,

    constraint api_providers_name_check check (char_length(name) between 1 and 100),
    constraint api_providers_base_url_check check (base_url ~ '^https?://[^[:space:]]+$' and char_length(base_url) <= 2000),
    constraint api_providers_description_check check (char_length(description) <= 4000),
    constraint api_providers_docs_url_check check (docs_url ~ '^https?://[^[:space:]]+$' and char_length(docs_url) <= 2000),
    constraint api_providers_auth_method_check check (char_length(auth_method) between 1 and 100),
    constraint api_providers_rate_limit_window_check check (rate_limit_window > interval '0'),
    constraint api_providers_rate_limit_count_check check (rate_limit_count > 0),
    constraint api_providers_times_check check (platform.not_in_future(greatest(created_at, updated_at)))
);

-- api_key and api_secret are ciphertext: AES-256 with the key-encryption key, which the database never sees.
create table api_integration.api_keys (
    id uuid constraint api_keys_pkey primary key,
    user_id uuid not null,
    provider_id uuid not null,
    name text not null,
    api_key text not null,
    api_secret text,
    permissions text[],
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    last_used timestamptz,
    is_active boolean not null default true,

    constraint api_keys_id_user_id_key unique (id, user_id),
    constraint api_keys_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint api_keys_provider_id_fkey foreign key (provider_id) references api_integration.api_providers (id)
        deferrable initially deferred,
    constraint api_keys_name_check check (char_length(name) between 1 and 100),
    constraint api_keys_api_key_check check (char_length(api_key) between 1 and 8000),
    constraint api_keys_api_secret_check check (char_length(api_secret) between 1 and 8000),
    constraint api_keys_permissions_check check (cardinality(permissions) <= 50 and array_position(permissions, null) is null),
    constraint api_keys_times_check check (platform.not_in_future(greatest(created_at, updated_at, last_used)))
);

create index api_keys_user_id on api_integration.api_keys (user_id);
create index api_keys_provider_id on api_integration.api_keys (provider_id);

-- A month a partition. The system's own calls are the system user's, without a key.
create table api_integration.api_usage (
    id uuid not null,
    user_id uuid not null,
    provider_id uuid not null,
    api_key_id uuid,
    endpoint text not null,
    "timestamp" timestamptz not null default now(),
    response_time integer,
    status_code integer,
    error text,
    request_details jsonb,

    constraint api_usage_pkey primary key (id, "timestamp"),
    constraint api_usage_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint api_usage_provider_id_fkey foreign key (provider_id) references api_integration.api_providers (id)
        on delete cascade deferrable initially deferred,
    constraint api_usage_api_key_id_fkey foreign key (api_key_id, user_id) references api_integration.api_keys (id, user_id)
        on delete set null (api_key_id) deferrable initially deferred,
    constraint api_usage_endpoint_check check (char_length(endpoint) between 1 and 2000),
    constraint api_usage_response_time_check check (response_time >= 0),
    constraint api_usage_status_code_check check (status_code between 100 and 599),
    constraint api_usage_error_check check (char_length(error) <= 4000),
    constraint api_usage_times_check check (platform.not_in_future("timestamp"))
) partition by range ("timestamp");

create index api_usage_user_id_provider_id_timestamp on api_integration.api_usage (user_id, provider_id, "timestamp");
create index api_usage_provider_id on api_integration.api_usage (provider_id);
create index api_usage_api_key_id on api_integration.api_usage (api_key_id) where api_key_id is not null;

-- A catalogue, not a fence: nothing references it. Fiat currencies are coins, too.
create table api_integration.coins (
    coin_id text constraint coins_pkey primary key,
    symbol text not null,
    name text not null,
    is_fiat boolean not null default false,

    constraint coins_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint coins_symbol_check check (symbol ~ '^[A-Z0-9][A-Z0-9.$-]{0,19}$'),
    constraint coins_name_check check (char_length(name) between 1 and 100)
);

create index coins_symbol on api_integration.coins (symbol);

insert into api_integration.coins (coin_id, symbol, name, is_fiat) values
    ('bitcoin', 'BTC', 'Bitcoin', false),
    ('ethereum', 'ETH', 'Ethereum', false),
    ('tether', 'USDT', 'Tether', false),
    ('usd-coin', 'USDC', 'USD Coin', false),
    ('binancecoin', 'BNB', 'BNB', false),
    ('ripple', 'XRP', 'XRP', false),
    ('solana', 'SOL', 'Solana', false),
    ('cardano', 'ADA', 'Cardano', false),
    ('dogecoin', 'DOGE', 'Dogecoin', false),
    ('tron', 'TRX', 'TRON', false),
    ('polkadot', 'DOT', 'Polkadot', false),
    ('litecoin', 'LTC', 'Litecoin', false),
    ('bitcoin-cash', 'BCH', 'Bitcoin Cash', false),
    ('chainlink', 'LINK', 'Chainlink', false),
    ('avalanche-2', 'AVAX', 'Avalanche', false),
    ('stellar', 'XLM', 'Stellar', false),
    ('monero', 'XMR', 'Monero', false),
    ('ethereum-classic', 'ETC', 'Ethereum Classic', false),
    ('usd', 'USD', 'US Dollar', true),
    ('eur', 'EUR', 'Euro', true),
    ('gbp', 'GBP', 'Pound Sterling', true),
    ('jpy', 'JPY', 'Japanese Yen', true),
    ('chf', 'CHF', 'Swiss Franc', true),
    ('aud', 'AUD', 'Australian Dollar', true),
    ('cad', 'CAD', 'Canadian Dollar', true),
    ('nzd', 'NZD', 'New Zealand Dollar', true),
    ('cny', 'CNY', 'Chinese Yuan', true),
    ('hkd', 'HKD', 'Hong Kong Dollar', true),
    ('sgd', 'SGD', 'Singapore Dollar', true),
    ('krw', 'KRW', 'South Korean Won', true),
    ('inr', 'INR', 'Indian Rupee', true),
    ('brl', 'BRL', 'Brazilian Real', true),
    ('mxn', 'MXN', 'Mexican Peso', true),
    ('zar', 'ZAR', 'South African Rand', true),
    ('try', 'TRY', 'Turkish Lira', true),
    ('sek', 'SEK', 'Swedish Krona', true),
    ('nok', 'NOK', 'Norwegian Krone', true),
    ('dkk', 'DKK', 'Danish Krone', true),
    ('pln', 'PLN', 'Polish Zloty', true),
    ('czk', 'CZK', 'Czech Koruna', true),
    ('huf', 'HUF', 'Hungarian Forint', true);

create sequence api_integration.price_batch_sequence as bigint;

-- The lock is held until commit, so that batches become visible in the order of their numbers: whoever has seen n will never
-- be surprised by an n - 1.
create function api_integration.next_price_batch() returns bigint
    language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('api_integration.price_batches', 0));
    return nextval('api_integration.price_batch_sequence');
end;
$$;

-- What arrived at once, from an administrator or a poll. Alerts are evaluated batch by batch, in the order of sequence.
create table api_integration.price_batches (
    id uuid constraint price_batches_pkey primary key default platform.uuid_v7(),
    sequence bigint not null default api_integration.next_price_batch(),
    received_at timestamptz not null default now(),
    provider text not null,
    evaluated_at timestamptz,

    constraint price_batches_sequence_key unique (sequence),
    constraint price_batches_provider_check check (char_length(provider) between 1 and 100),
    constraint price_batches_times_check check (platform.not_in_future(greatest(received_at, evaluated_at)))
);

-- The newest batch that is visible now: every batch with a higher number comes after whoever asks.
create function api_integration.last_price_batch() returns bigint
    language sql stable parallel safe
    return coalesce((select max(sequence) from api_integration.price_batches), 0);

create index price_batches_unevaluated on api_integration.price_batches (sequence) where evaluated_at is null;
create index price_batches_received_at on api_integration.price_batches (received_at);

-- is_late: older than the newest price known when it came, so it is history and fires nothing.
create table api_integration.price_ticks (
    batch_sequence bigint not null,
    ordinal integer not null,
    coin_id text not null,
    currency text not null,
    price numeric not null,
    as_of timestamptz not null,
    provider text not null,
    is_late boolean not null default false,

    constraint price_ticks_pkey primary key (batch_sequence, ordinal),
    constraint price_ticks_batch_sequence_fkey foreign key (batch_sequence) references api_integration.price_batches (sequence)
        on delete cascade deferrable initially deferred,
    constraint price_ticks_ordinal_check check (ordinal >= 0),
    constraint price_ticks_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint price_ticks_currency_check check (platform.is_currency(currency)),
    constraint price_ticks_price_check check (platform.is_decimal28(price) and price >= 0),
    constraint price_ticks_provider_check check (char_length(provider) between 1 and 100),
    constraint price_ticks_times_check check (platform.not_in_future(as_of))
);

create index price_ticks_coin_id_currency_as_of on api_integration.price_ticks (coin_id, currency, as_of);

create table api_integration.latest_prices (
    coin_id text not null,
    currency text not null,
    price numeric not null,
    as_of timestamptz not null,
    provider text not null,
    updated_at timestamptz not null default now(),

    constraint latest_prices_pkey primary key (coin_id, currency),
    constraint latest_prices_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint latest_prices_currency_check check (platform.is_currency(currency)),
    constraint latest_prices_price_check check (platform.is_decimal28(price) and price >= 0),
    constraint latest_prices_provider_check check (char_length(provider) between 1 and 100),
    constraint latest_prices_times_check check (platform.not_in_future(greatest(as_of, updated_at)))
);

-- Prices fold into 1m candles, in which first_at and last_at tell when open and close were seen, so that a late price finds its
-- place; an import replaces such a candle and knows neither.
create table api_integration.candles (
    coin_id text not null,
    currency text not null,
    interval text not null,
    open_time timestamptz not null,
    open numeric not null,
    high numeric not null,
    low numeric not null,
    close numeric not null,
    volume numeric,
    first_at timestamptz,
    last_at timestamptz,
    is_imported boolean not null default false,

    constraint candles_pkey primary key (coin_id, currency, interval, open_time),
    constraint candles_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint candles_currency_check check (platform.is_currency(currency)),
    constraint candles_interval_check check (interval in ('1m', '5m', '15m', '1h', '4h', '1d')),
    constraint candles_open_time_check check (extract(epoch from open_time) % 60 = 0 and platform.not_in_future(open_time)),
    constraint candles_open_check check (platform.is_decimal28(open)),
    constraint candles_high_check check (platform.is_decimal28(high) and high >= greatest(open, close, low)),
    constraint candles_low_check check (platform.is_decimal28(low) and low >= 0 and low <= least(open, close)),
    constraint candles_close_check check (platform.is_decimal28(close)),
    constraint candles_volume_check check (platform.is_readable(volume) and volume >= 0),
    constraint candles_seen_check check (
        (first_at is null) = (last_at is null) and first_at <= last_at and first_at >= open_time)
) partition by range (open_time);


-- How old a price may be and still say what a coin is worth: over a weekend nobody quotes fiat currencies.
create function api_integration.max_price_age(p_coin_id text) returns interval
    language sql stable parallel safe
as $$
    select case
        when exists (select from api_integration.coins where coin_id = p_coin_id and is_fiat) then interval '72 hours'
        else interval '24 hours'
    end;
$$;

-- The coin that a currency's symbol stands for: a fiat currency before all others, and none where several coins share the symbol. USD and
-- BTC, through which others are converted, are what they are, whatever else a catalogue calls so.
create function api_integration.coin_of_currency(p_currency text) returns text
    language sql stable parallel safe
as $$
    select case p_currency
        when 'USD' then 'usd'
        when 'BTC' then 'bitcoin'
        else (
            select coalesce(min(coin_id) filter (where is_fiat), case when count(*) = 1 then min(coin_id) end)
            from api_integration.coins
            where symbol = p_currency)
    end;
$$;

-- A stored pair's newest price that may be used at a time: the close of the 1m candle that contains it, else the newest candle that had
-- ended by then. Ticks need no look of their own: each is folded into a 1m candle. The fixed bounds of open_time only tell the planner
-- which partitions to leave out.
create function api_integration.quote_at(p_coin_id text, p_currency text, p_at timestamptz)
    returns table (price numeric, as_of timestamptz)
    language plpgsql stable parallel safe rows 1
as $$
declare
    newest record;
    ended record;
begin
    select c.close, c.open_time, least(p_at, coalesce(c.last_at, c.open_time + interval '1 minute')) as as_of
    into newest
    from api_integration.candles c
    where c.coin_id = p_coin_id and c.currency = p_currency and c.interval = '1m'
        and c.open_time <= p_at and c.open_time >= p_at - interval '4 days'
    order by c.open_time desc
    limit 1;

    if newest.open_time is null or newest.open_time <= p_at - interval '1 minute' then
        select coarser.close, coarser.as_of
        into ended
        from (values
            ('5m', interval '5 minutes'), ('15m', interval '15 minutes'), ('1h', interval '1 hour'),
            ('4h', interval '4 hours'), ('1d', interval '24 hours')
        ) intervals (name, length)
        cross join lateral (
            select c.close, c.open_time + intervals.length as as_of
            from api_integration.candles c
            where c.coin_id = p_coin_id and c.currency = p_currency and c.interval = intervals.name
                and c.open_time <= p_at - intervals.length and c.open_time <= p_at and c.open_time >= p_at - interval '4 days'
            order by c.open_time desc
            limit 1
        ) coarser
        order by coarser.as_of desc, intervals.length
        limit 1;

        if newest.as_of is null or ended.as_of > newest.as_of then
            newest.close := ended.close;
            newest.as_of := ended.as_of;
        end if;
    end if;

    if newest.as_of >= p_at - api_integration.max_price_age(p_coin_id) then
        price := newest.close;
        as_of := newest.as_of;
        return next;
    end if;
end;
$$;

-- What a coin is worth in a currency by one stored pair, straight or inverse, as a fraction, so that a route is rounded once.
create function api_integration.pair_at(p_coin_id text, p_currency text, p_at timestamptz)
    returns table (numerator numeric, denominator numeric, as_of timestamptz, route text[])
    language plpgsql stable parallel safe rows 1
as $$
begin
    if api_integration.coin_of_currency(p_currency) = p_coin_id then
        return query select 1::numeric, 1::numeric, p_at, array[]::text[];
        return;
    end if;

    return query
        select quote.price, 1::numeric, quote.as_of, array[p_coin_id || '/' || p_currency]
        from api_integration.quote_at(p_coin_id, p_currency, p_at) quote;
    if found then
        return;
    end if;

    return query
        select 1::numeric, quote.price, quote.as_of, array[inverse.coin_id || '/' || inverse.currency]
        from (
            select api_integration.coin_of_currency(p_currency) as coin_id, coin.symbol as currency
            from api_integration.coins coin
            where coin.coin_id = p_coin_id and api_integration.coin_of_currency(coin.symbol) = p_coin_id
        ) inverse
        cross join lateral api_integration.quote_at(inverse.coin_id, inverse.currency, p_at) quote
        where quote.price > 0;
end;
$$;

-- Published to all modules: the rate of a coin in a currency at a time, straight, inverse, through USD or through BTC, in this order; no
-- row where there is none. route lists the stored pairs it was made of (bitcoin/USD, eur/USD), and is empty for a coin in itself. ROWS 1,
-- or the planner takes a join with it for a huge one, and compiles it.
create function api_integration.rate_at(coin_id text, currency text, at timestamptz)
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

    for hub in select * from (values ('usd', 'USD'), ('bitcoin', 'BTC')) hubs (coin, symbol) loop
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


create function api_integration.ensure_partition(p_table text, p_suffix text, p_from timestamp, p_to timestamp) returns void
    language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regclass(format('api_integration.%I', p_table || p_suffix)) is not null then
        return;
    end if;

    execute format(
        'create table api_integration.%I partition of api_integration.%I for values from (%L) to (%L)',
        p_table || p_suffix, p_table, p_from || '+00', p_to || '+00');
    execute format(
        'alter table api_integration.%I enable row level security, force row level security', p_table || p_suffix);
end;
$$;

-- Makes api_usage's partitions for this month and the next two and candles' for this year and the next, and drops the usage
-- that is past its retention. Called by a job, with the rights of the owner.
create function api_integration.maintain_partitions(p_keep_usage interval default '13 months') returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    today timestamp := now() at time zone 'UTC';
    starts timestamp;
    past text;
begin
    for starts in select generate_series(date_trunc('month', today), today + interval '2 months', interval '1 month') loop
        perform api_integration.ensure_partition(
            'api_usage', to_char(starts, '"_"YYYY"_"MM'), starts, starts + interval '1 month');
    end loop;

    for starts in select generate_series(date_trunc('year', today), today + interval '1 year', interval '1 year') loop
        perform api_integration.ensure_partition('candles', to_char(starts, '"_"YYYY'), starts, starts + interval '1 year');
    end loop;

    for past in
        select c.relname
        from pg_inherits i
        join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'api_integration.api_usage'::regclass
            and c.relname ~ '^api_usage_\d{4}_\d{2}$'
            and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= today - p_keep_usage
    loop
        execute format('drop table api_integration.%I', past);
    end loop;
end;
$$;

revoke all on function
    api_integration.ensure_partition(text, text, timestamp, timestamp), api_integration.maintain_partitions(interval)
    from public;
grant execute on function api_integration.maintain_partitions(interval) to crypto_beacon_worker;

-- A row in one of these is a row that nobody made room for: it raises an alarm.
create table api_integration.api_usage_default partition of api_integration.api_usage default;
create table api_integration.candles_default partition of api_integration.candles default;

do $$
begin
    perform api_integration.ensure_partition('candles', '_' || year, make_timestamp(year, 1, 1, 0, 0, 0), make_timestamp(year + 1, 1, 1, 0, 0, 0))
    from generate_series(2009, 2035) year;
    perform api_integration.maintain_partitions();
end;
$$;


alter table api_integration.api_providers enable row level security, force row level security;
alter table api_integration.api_keys enable row level security, force row level security;
alter table api_integration.api_usage enable row level security, force row level security;
alter table api_integration.api_usage_default enable row level security, force row level security;
alter table api_integration.coins enable row level security, force row level security;
alter table api_integration.price_batches enable row level security, force row level security;
alter table api_integration.price_ticks enable row level security, force row level security;
alter table api_integration.latest_prices enable row level security, force row level security;
alter table api_integration.candles enable row level security, force row level security;
alter table api_integration.candles_default enable row level security, force row level security;

create policy api_keys_of_user on api_integration.api_keys to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy api_usage_of_user on api_integration.api_usage to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy api_usage_polled on api_integration.api_usage to crypto_beacon_worker using (true) with check (true);
create policy api_usage_default_watched on api_integration.api_usage_default for select to crypto_beacon_worker using (true);
create policy candles_default_watched on api_integration.candles_default for select to crypto_beacon_worker using (true);

-- The market is everybody's to read, and an administrator's or a job's to write.
do $$
declare
    market_table text;
begin
    foreach market_table in array array['api_providers', 'coins', 'price_batches', 'price_ticks', 'latest_prices', 'candles'] loop
        execute format(
            'create policy %1$I on api_integration.%2$I for select to crypto_beacon_app using (true)',
            market_table || '_read', market_table);
        execute format(
            'create policy %1$I on api_integration.%2$I for insert to crypto_beacon_app with check ((select platform.is_admin()))',
            market_table || '_added', market_table);
        execute format(
            'create policy %1$I on api_integration.%2$I for update to crypto_beacon_app using ((select platform.is_admin()))',
            market_table || '_changed', market_table);
        execute format(
            'create policy %1$I on api_integration.%2$I for delete to crypto_beacon_app using ((select platform.is_admin()))',
            market_table || '_removed', market_table);
        execute format(
            'create policy %1$I on api_integration.%2$I to crypto_beacon_worker using (true) with check (true)',
            market_table || '_worked', market_table);
    end loop;
end;
$$;

grant select, insert, update, delete on api_integration.api_providers, api_integration.api_keys to crypto_beacon_app;
grant select, insert on api_integration.api_usage to crypto_beacon_app;
grant select, insert, update, delete on api_integration.coins, api_integration.candles to crypto_beacon_app;
grant select, insert on api_integration.price_batches, api_integration.price_ticks to crypto_beacon_app;
grant select, insert, update on api_integration.latest_prices to crypto_beacon_app;
grant usage on sequence api_integration.price_batch_sequence to crypto_beacon_app, crypto_beacon_worker;

grant select on
    api_integration.api_providers, api_integration.coins, api_integration.api_usage_default, api_integration.candles_default
    to crypto_beacon_worker;
grant select, insert on api_integration.api_usage to crypto_beacon_worker;
grant select, insert, delete, update (evaluated_at) on api_integration.price_batches to crypto_beacon_worker;
grant select, insert, delete on api_integration.price_ticks to crypto_beacon_worker;
grant select, insert, update on api_integration.latest_prices, api_integration.candles to crypto_beacon_worker;
