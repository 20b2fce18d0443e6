-- What a portfolio was worth at the end of each day of UTC, kept so that a chart of years need not look up the rates of years. It follows
-- from the ledger and the stored rates, and is worked out anew when they change.
create table portfolios.portfolio_snapshots (
    portfolio_id uuid not null,
    user_id uuid not null,
    day date not null,
    currency text not null,
    cost_basis_method text not null,
    value numeric,
    net_invested numeric,
    computed_at timestamptz not null,

    constraint portfolio_snapshots_pkey primary key (portfolio_id, day),
    constraint portfolio_snapshots_portfolio_id_fkey foreign key (portfolio_id, user_id) references portfolios.portfolios (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint portfolio_snapshots_currency_check check (platform.is_currency(currency)),
    constraint portfolio_snapshots_cost_basis_method_check check (cost_basis_method in ('fifo', 'lifo', 'hifo', 'average')),
    constraint portfolio_snapshots_value_check check (platform.is_decimal28(value) and value >= 0),
    constraint portfolio_snapshots_net_invested_check check (platform.is_decimal28(net_invested)),
    constraint portfolio_snapshots_times_check check (platform.not_in_future(computed_at))
);

create index portfolio_snapshots_user_id on portfolios.portfolio_snapshots (user_id);

alter table portfolios.portfolio_snapshots enable row level security, force row level security;

create policy portfolio_snapshots_of_user on portfolios.portfolio_snapshots to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
grant select, insert, update, delete on portfolios.portfolio_snapshots to crypto_beacon_app;

-- The job finds the portfolios that need one, and then works for each one's user with that user's sight.
create policy portfolios_snapshot on portfolios.portfolios for select to crypto_beacon_worker using (true);
create policy portfolio_snapshots_found on portfolios.portfolio_snapshots for select to crypto_beacon_worker using (true);
grant select (id, user_id, currency, cost_basis_method, updated_at) on portfolios.portfolios to crypto_beacon_worker;
grant select (portfolio_id, day, currency, cost_basis_method, value, computed_at) on portfolios.portfolio_snapshots to crypto_beacon_worker;

-- Published to all modules: the earliest time in a portfolio's ledger that was changed since; NULL where nothing was. Before and after count: an
-- amendment may move a trade in either direction.
create function trading.earliest_change_since(p_portfolio_id uuid, p_since timestamptz) returns timestamptz
    language sql stable parallel safe
as $$
    select min(least((h.before ->> 'timestamp')::timestamptz, (h.after ->> 'timestamp')::timestamptz))
    from trading.trade_history h
    where h.user_id = platform.current_user_id() and h.portfolio_id = p_portfolio_id and h.changed_at >= p_since
$$;
