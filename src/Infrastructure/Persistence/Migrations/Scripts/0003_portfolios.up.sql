create table portfolios.portfolios (
    id uuid constraint portfolios_pkey primary key,
    user_id uuid not null,
    name text not null,
    description text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    is_default boolean not null default false,
    currency text not null default 'USD',
    cost_basis_method text not null default 'fifo',

    constraint portfolios_id_user_id_key unique (id, user_id),
    constraint portfolios_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint portfolios_name_check check (char_length(name) between 1 and 100),
    constraint portfolios_description_check check (char_length(description) <= 4000),
    constraint portfolios_currency_check check (platform.is_currency(currency)),
    constraint portfolios_cost_basis_method_check check (cost_basis_method in ('fifo', 'lifo', 'hifo', 'average')),
    constraint portfolios_times_check check (platform.not_in_future(greatest(created_at, updated_at)))
);

create index portfolios_user_id_is_default on portfolios.portfolios (user_id, is_default);
create unique index portfolios_one_default on portfolios.portfolios (user_id) where is_default;

-- What is held now, kept in step with trades and opening balances. A row without a quantity carries a shortfall.
create table portfolios.portfolio_assets (
    id uuid constraint portfolio_assets_pkey primary key,
    portfolio_id uuid not null,
    user_id uuid not null,
    coin_id text not null,
    quantity numeric not null,
    shortfall numeric not null default 0,
    avg_buy_price numeric not null,
    -- False: the average leaves out what was acquired at an unknown cost or rate.
    is_cost_complete boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint portfolio_assets_portfolio_id_coin_id_key unique (portfolio_id, coin_id),
    constraint portfolio_assets_portfolio_id_fkey foreign key (portfolio_id, user_id) references portfolios.portfolios (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint portfolio_assets_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint portfolio_assets_quantity_check check (platform.is_decimal28(quantity) and quantity >= 0 and (quantity > 0 or shortfall > 0)),
    constraint portfolio_assets_shortfall_check check (platform.is_decimal28(shortfall) and shortfall >= 0),
    constraint portfolio_assets_avg_buy_price_check check (platform.is_decimal28(avg_buy_price) and avg_buy_price >= 0),
    constraint portfolio_assets_times_check check (platform.not_in_future(greatest(created_at, updated_at)))
);

create index portfolio_assets_user_id on portfolios.portfolio_assets (user_id);

-- What was held before the first trade: one lot a coin.
create table portfolios.opening_balances (
    portfolio_id uuid not null,
    user_id uuid not null,
    coin_id text not null,
    quantity numeric not null,
    avg_buy_price numeric not null,
    acquired_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint opening_balances_pkey primary key (portfolio_id, coin_id),
    constraint opening_balances_portfolio_id_fkey foreign key (portfolio_id, user_id) references portfolios.portfolios (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint opening_balances_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint opening_balances_quantity_check check (platform.is_decimal28(quantity) and quantity > 0),
    constraint opening_balances_avg_buy_price_check check (platform.is_decimal28(avg_buy_price) and avg_buy_price >= 0),
    constraint opening_balances_times_check check (platform.not_in_future(greatest(acquired_at, created_at, updated_at)))
);

create index opening_balances_user_id on portfolios.opening_balances (user_id);

-- What is held beside what was held at first, as clients see it: an average that is not known is no 0. The version is that of the
-- writable part, 0 while there is none.
create view portfolios.assets with (security_invoker = true) as
select
    coalesce(held.user_id, opening.user_id) as user_id,
    coalesce(held.portfolio_id, opening.portfolio_id) as portfolio_id,
    coalesce(held.coin_id, opening.coin_id) as coin_id,
    coalesce(held.quantity, 0) as quantity,
    coalesce(held.shortfall, 0) as shortfall,
    case when held.quantity > 0 and (held.avg_buy_price > 0 or held.is_cost_complete) then held.avg_buy_price end as avg_buy_price,
    coalesce(held.is_cost_complete, true) as is_cost_complete,
    opening.quantity as opening_quantity,
    opening.avg_buy_price as opening_avg_buy_price,
    opening.acquired_at,
    least(held.created_at, opening.created_at) as created_at,
    greatest(held.updated_at, opening.updated_at) as updated_at,
    coalesce(opening.xmin, '0'::xid) as version
from portfolios.portfolio_assets held
full join portfolios.opening_balances opening
    on opening.user_id = held.user_id and opening.portfolio_id = held.portfolio_id and opening.coin_id = held.coin_id;

alter table portfolios.portfolios enable row level security, force row level security;
alter table portfolios.portfolio_assets enable row level security, force row level security;
alter table portfolios.opening_balances enable row level security, force row level security;

create policy portfolios_of_user on portfolios.portfolios to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy portfolio_assets_of_user on portfolios.portfolio_assets to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy opening_balances_of_user on portfolios.opening_balances to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());

grant select, insert, update, delete on portfolios.portfolios, portfolios.portfolio_assets, portfolios.opening_balances
    to crypto_beacon_app;
grant select on portfolios.assets to crypto_beacon_app;
