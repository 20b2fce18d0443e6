-- Back-tests and sweeps as runs that wait, work, are followed and end; and what training a prediction model leaves.

-- revision: the version of what the owner may write of a model; what back-tests make of it, which moves xmin, doesn't change it.
alter table models.trading_models add column revision bigint not null default 1;

create function models.revise_model() returns trigger
    language plpgsql
as $$
begin
    new.revision := old.revision + 1;
    return new;
end;
$$;

create trigger trading_models_revised before update on models.trading_models
    for each row when (
        (new.name, new.description, new.type, new.configuration, new.is_active)
            is distinct from (old.name, old.description, old.type, old.configuration, old.is_active))
    execute function models.revise_model();

drop trigger trading_models_audited on models.trading_models;
create trigger trading_models_audited after insert or update or delete on models.trading_models
    for each row execute function audit.record_change('id', 'user_id', 'created_at,updated_at,performance,revision');

-- What was asked for, with the configuration as it was then. runner: which attempt has it in hand; seen_at: its last sign of life.
-- Adding columns with constant defaults rewrites nothing.
alter table models.model_backtests
    add column configuration jsonb not null default '{}',
    add column currency text not null default 'USD',
    add column interval text not null default '1d',
    add column initial_capital numeric not null default 10000,
    add column fee_rate numeric not null default 0,
    add column slippage_rate numeric not null default 0,
    add column progress numeric not null default 0,
    add column started_at timestamptz,
    add column finished_at timestamptz,
    add column runner uuid,
    add column attempts integer not null default 0,
    add column seen_at timestamptz,
    add column problem jsonb,
    add column reproducibility jsonb,
    add constraint model_backtests_configuration_check check (jsonb_typeof(configuration) = 'object'),
    add constraint model_backtests_currency_check check (platform.is_currency(currency)),
    add constraint model_backtests_interval_check check (interval in ('1m', '5m', '15m', '1h', '4h', '1d')),
    add constraint model_backtests_capital_check check (platform.is_decimal28(initial_capital) and initial_capital > 0),
    add constraint model_backtests_rates_check check (
        platform.is_decimal28(fee_rate) and fee_rate >= 0 and fee_rate < 1
        and platform.is_decimal28(slippage_rate) and slippage_rate >= 0 and slippage_rate < 1),
    add constraint model_backtests_progress_check check (progress between 0 and 1);

create table models.model_sweeps (
    id uuid constraint model_sweeps_pkey primary key,
    model_id uuid not null,
    user_id uuid not null,
    configuration jsonb not null,
    space jsonb not null,
    start_date timestamptz not null,
    end_date timestamptz not null,
    assets text[] not null,
    currency text not null,
    interval text not null,
    initial_capital numeric not null,
    fee_rate numeric not null,
    slippage_rate numeric not null,
    results jsonb not null default '{}',
    created_at timestamptz not null default now(),
    notes text,
    status text not null default 'queued',
    progress numeric not null default 0,
    started_at timestamptz,
    finished_at timestamptz,
    runner uuid,
    attempts integer not null default 0,
    seen_at timestamptz,
    problem jsonb,
    reproducibility jsonb,

    constraint model_sweeps_model_id_fkey foreign key (model_id, user_id) references models.trading_models (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint model_sweeps_configuration_check check (jsonb_typeof(configuration) = 'object'),
    constraint model_sweeps_space_check check (jsonb_typeof(space) = 'object'),
    constraint model_sweeps_dates_check check (start_date < end_date),
    constraint model_sweeps_assets_check check (
        array_to_string(assets, ',', '') ~ '^[a-z0-9][a-z0-9-]{0,63}(,[a-z0-9][a-z0-9-]{0,63})*$'),
    constraint model_sweeps_currency_check check (platform.is_currency(currency)),
    constraint model_sweeps_interval_check check (interval in ('1m', '5m', '15m', '1h', '4h', '1d')),
    constraint model_sweeps_capital_check check (platform.is_decimal28(initial_capital) and initial_capital > 0),
    constraint model_sweeps_rates_check check (
        platform.is_decimal28(fee_rate) and fee_rate >= 0 and fee_rate < 1
        and platform.is_decimal28(slippage_rate) and slippage_rate >= 0 and slippage_rate < 1),
    constraint model_sweeps_results_check check (jsonb_typeof(results) = 'object'),
    constraint model_sweeps_notes_check check (char_length(notes) <= 4000),
    constraint model_sweeps_status_check check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    constraint model_sweeps_progress_check check (progress between 0 and 1),
    constraint model_sweeps_times_check check (platform.not_in_future(greatest(start_date, end_date, created_at)))
);

create index model_sweeps_model_id on models.model_sweeps (model_id, created_at);
create index model_sweeps_user_id on models.model_sweeps (user_id, created_at);
-- What is not finished: for the limit of a user, and for the watch over those whose server has died.
create index model_backtests_unfinished on models.model_backtests (user_id) where status in ('queued', 'running');
create index model_sweeps_unfinished on models.model_sweeps (user_id) where status in ('queued', 'running');

-- What the last training of a prediction model on a coin left, ready to forecast the next bar.
create table models.trained_models (
    model_id uuid not null,
    user_id uuid not null,
    coin_id text not null,
    currency text not null,
    interval text not null,
    configuration jsonb not null,
    trained_at timestamptz not null,
    trained_from timestamptz not null,
    trained_to timestamptz not null,
    bars integer not null,
    content bytea not null,

    constraint trained_models_pkey primary key (model_id, coin_id, currency, interval),
    constraint trained_models_model_id_fkey foreign key (model_id, user_id) references models.trading_models (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint trained_models_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint trained_models_currency_check check (platform.is_currency(currency)),
    constraint trained_models_interval_check check (interval in ('1m', '5m', '15m', '1h', '4h', '1d')),
    constraint trained_models_bars_check check (bars > 0),
    constraint trained_models_content_check check (octet_length(content) <= 16777216),
    constraint trained_models_times_check check (trained_from < trained_to and platform.not_in_future(greatest(trained_at, trained_to)))
);

-- It is compressed already.
alter table models.trained_models alter column content set storage external;

alter table models.model_sweeps enable row level security, force row level security;
alter table models.trained_models enable row level security, force row level security;

create policy model_sweeps_of_user on models.model_sweeps to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy trained_models_of_user on models.trained_models to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
-- A job learns whose run it is, and works as that user; the watch finds those whose server has died.
create policy model_backtests_of_jobs on models.model_backtests for select to crypto_beacon_worker using (true);
create policy model_sweeps_of_jobs on models.model_sweeps for select to crypto_beacon_worker using (true);

create policy model_backtests_asked_again on models.model_backtests for update to crypto_beacon_worker using (status = 'queued');
create policy model_sweeps_asked_again on models.model_sweeps for update to crypto_beacon_worker using (status = 'queued');

grant select, insert, update, delete on models.model_sweeps, models.trained_models to crypto_beacon_app;
grant select (id, user_id, status, created_at, seen_at), update (seen_at) on models.model_backtests, models.model_sweeps
    to crypto_beacon_worker;

-- Whoever runs it hears at once that it is not wanted any more.
create function models.announce_end() returns trigger
    language plpgsql
as $$
begin
    perform pg_notify('model_runs', old.id::text);
    return null;
end;
$$;

create trigger model_backtests_ended after update of status on models.model_backtests
    for each row when (new.status = 'cancelled' and old.status <> 'cancelled') execute function models.announce_end();
create trigger model_backtests_removed after delete on models.model_backtests
    for each row when (old.status in ('queued', 'running')) execute function models.announce_end();
create trigger model_sweeps_ended after update of status on models.model_sweeps
    for each row when (new.status = 'cancelled' and old.status <> 'cancelled') execute function models.announce_end();
create trigger model_sweeps_removed after delete on models.model_sweeps
    for each row when (old.status in ('queued', 'running')) execute function models.announce_end();

-- Whoever is deactivated has nothing run any more.
create policy model_backtests_of_deactivated on models.model_backtests to crypto_beacon_auth using (true) with check (status = 'cancelled');
create policy model_sweeps_of_deactivated on models.model_sweeps to crypto_beacon_auth using (true) with check (status = 'cancelled');
grant usage on schema models to crypto_beacon_auth;
grant select (user_id, status), update (status, finished_at) on models.model_backtests, models.model_sweeps to crypto_beacon_auth;

create function models.cancel_runs() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update models.model_backtests b set status = 'cancelled', finished_at = now()
    where b.user_id = new.id and b.status in ('queued', 'running');
    update models.model_sweeps s set status = 'cancelled', finished_at = now()
    where s.user_id = new.id and s.status in ('queued', 'running');
    return null;
end;
$$;

create trigger users_runs_cancelled after update of is_active on identity.users
    for each row when (old.is_active and not new.is_active)
    execute function models.cancel_runs();

grant create on schema models to crypto_beacon_auth;
revoke all on function models.cancel_runs() from public;
alter function models.cancel_runs() owner to crypto_beacon_auth;
revoke create on schema models from crypto_beacon_auth;

-- The trail tells that a run was asked for, cancelled and removed; what else becomes of it is the server's own saying.
create trigger model_backtests_audited after insert or delete on models.model_backtests
    for each row execute function audit.record_change(
        'id', 'user_id', 'created_at,results,performance_metrics,progress,started_at,finished_at,runner,attempts,seen_at,problem,reproducibility');
create trigger model_backtests_cancelled after update on models.model_backtests
    for each row when (new.status = 'cancelled' and old.status <> 'cancelled') execute function audit.record_change(
        'id', 'user_id', 'created_at,results,performance_metrics,progress,started_at,finished_at,runner,attempts,seen_at,problem,reproducibility');
create trigger model_sweeps_audited after insert or delete on models.model_sweeps
    for each row execute function audit.record_change(
        'id', 'user_id', 'created_at,results,progress,started_at,finished_at,runner,attempts,seen_at,problem,reproducibility');
create trigger model_sweeps_cancelled after update on models.model_sweeps
    for each row when (new.status = 'cancelled' and old.status <> 'cancelled') execute function audit.record_change(
        'id', 'user_id', 'created_at,results,progress,started_at,finished_at,runner,attempts,seen_at,problem,reproducibility');
