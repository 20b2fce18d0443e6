create function trading.are_tags(tags text[]) returns boolean
    language sql immutable parallel safe
    return tags is null
        or cardinality(tags) <= 20
            and not exists (select from unnest(tags) tag where tag is null or char_length(tag) not between 1 and 50);

-- One imported file.
create table trading.trade_imports (
    id uuid constraint trade_imports_pkey primary key,
    user_id uuid not null,
    portfolio_id uuid not null,
    format text not null,
    file_name text,
    file_hash bytea not null,
    mode text not null,
    imported integer not null,
    duplicates integer not null,
    rejected integer not null,
    skipped integer not null,
    created_at timestamptz not null default now(),

    constraint trade_imports_id_user_id_key unique (id, user_id),
    constraint trade_imports_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint trade_imports_portfolio_id_fkey foreign key (portfolio_id, user_id) references portfolios.portfolios (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint trade_imports_format_check check (char_length(format) between 1 and 50),
    constraint trade_imports_file_name_check check (char_length(file_name) between 1 and 255),
    constraint trade_imports_mode_check check (mode in ('strict', 'lenient')),
    constraint trade_imports_counts_check check (least(imported, duplicates, rejected, skipped) >= 0),
    constraint trade_imports_times_check check (platform.not_in_future(created_at))
);

create index trade_imports_user_id_created_at on trading.trade_imports (user_id, created_at);
create index trade_imports_portfolio_id on trading.trade_imports (portfolio_id);

-- A trade is known again by what its source calls it or, where the source has no ids, by a fingerprint of its row: the n-th equal
-- row of a file is occurrence n, so that two equal fills are two trades and the same file twice is nothing new.
create table trading.trades (
    id uuid constraint trades_pkey primary key,
    user_id uuid not null,
    portfolio_id uuid not null,
    coin_id text not null,
    type text not null,
    quantity numeric not null,
    price numeric not null,
    total_value numeric not null,
    currency text not null,
    fee numeric not null default 0,
    fee_currency text not null,
    -- Whether the fee was taken from the traded coin; as the catalogue of coins had it when the trade was recorded.
    fee_in_coin boolean not null default false,
    deduct_fees boolean not null default false,
    "timestamp" timestamptz not null default now(),
    acquired_at timestamptz,
    exchange text,
    notes text,
    tags text[],
    link_id text,
    source text not null default 'manual',
    external_id text,
    fingerprint bytea,
    occurrence integer,
    import_id uuid,

    constraint trades_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    -- Nobody deletes a portfolio's trades by deleting the portfolio: that goes through Trading, which leaves a history.
    constraint trades_portfolio_id_fkey foreign key (portfolio_id, user_id) references portfolios.portfolios (id, user_id)
        deferrable initially deferred,
    constraint trades_import_id_fkey foreign key (import_id, user_id) references trading.trade_imports (id, user_id)
        deferrable initially deferred,
    constraint trades_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint trades_type_check check (type in ('buy', 'sell', 'deposit', 'withdrawal', 'income')),
    constraint trades_quantity_check check (platform.is_decimal28(quantity) and quantity > 0),
    constraint trades_price_check check (platform.is_decimal28(price) and price >= 0),
    constraint trades_total_value_check check (platform.is_decimal28(total_value) and total_value >= 0),
    -- Either price or total was given and the other derived, rounded at the 18th decimal.
    constraint trades_total_value_product_check check (
        abs(total_value - quantity * price) <= 0.0000000000000000005 * greatest(quantity, 1)),
    constraint trades_currency_check check (platform.is_currency(currency)),
    constraint trades_fee_check check (platform.is_decimal28(fee) and fee >= 0),
    constraint trades_fee_in_coin_check check (not fee_in_coin or type <> 'buy' or fee <= quantity),
    constraint trades_fee_currency_check check (platform.is_currency(fee_currency) or platform.is_coin_id(fee_currency)),
    constraint trades_times_check check (platform.not_in_future(greatest("timestamp", acquired_at))),
    constraint trades_exchange_check check (char_length(exchange) between 1 and 100),
    constraint trades_notes_check check (char_length(notes) <= 4000),
    constraint trades_tags_check check (trading.are_tags(tags)),
    constraint trades_link_id_check check (char_length(link_id) between 1 and 100),
    constraint trades_source_check check (char_length(source) between 1 and 100),
    constraint trades_external_id_check check (char_length(external_id) between 1 and 200),
    constraint trades_fingerprint_check check ((fingerprint is null) = (occurrence is null) and occurrence > 0)
);

create index trades_user_id_timestamp on trading.trades (user_id, "timestamp");
create index trades_position on trading.trades (portfolio_id, coin_id, "timestamp", id);
create index trades_import_id on trading.trades (import_id) where import_id is not null;
create index trades_link_id on trading.trades (user_id, link_id) where link_id is not null;
create unique index trades_external_identity on trading.trades (portfolio_id, source, external_id) where external_id is not null;
create unique index trades_row_identity on trading.trades (portfolio_id, fingerprint, occurrence) where fingerprint is not null;

-- A trade as the contract shows it, for its history.
create function trading.trade_as_shown(trade trading.trades) returns jsonb
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

-- Every version of every trade, deleted ones and those of deleted portfolios included: it refers to users alone.
create table trading.trade_history (
    id uuid constraint trade_history_pkey primary key default platform.uuid_v7(),
    trade_id uuid not null,
    user_id uuid not null,
    portfolio_id uuid not null,
    version integer not null,
    changed_at timestamptz not null default now(),
    change text not null,
    before jsonb,
    after jsonb,

    constraint trade_history_trade_id_version_key unique (trade_id, version),
    constraint trade_history_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint trade_history_version_check check (version > 0),
    constraint trade_history_change_check check (
        case change
            when 'created' then before is null and after is not null
            when 'amended' then before is not null and after is not null
            when 'deleted' then before is not null and after is null
            else false
        end),
    constraint trade_history_times_check check (platform.not_in_future(changed_at))
);

create index trade_history_user_id_changed_at on trading.trade_history (user_id, changed_at);

alter table trading.trade_imports enable row level security, force row level security;
alter table trading.trades enable row level security, force row level security;
alter table trading.trade_history enable row level security, force row level security;

create policy trade_imports_of_user on trading.trade_imports to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy trades_of_user on trading.trades to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy trade_history_of_user on trading.trade_history to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());

grant select, insert, update, delete on trading.trade_imports, trading.trades to crypto_beacon_app;
grant select, insert on trading.trade_history to crypto_beacon_app;
