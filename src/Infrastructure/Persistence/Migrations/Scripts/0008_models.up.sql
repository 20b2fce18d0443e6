create table models.trading_models (
    id uuid constraint trading_models_pkey primary key,
    user_id uuid not null,
    name text not null,
    description text,
    type text not null,
    configuration jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    is_active boolean not null default true,
    performance jsonb,

    constraint trading_models_id_user_id_key unique (id, user_id),
    constraint trading_models_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint trading_models_name_check check (char_length(name) between 1 and 100),
    constraint trading_models_description_check check (char_length(description) <= 4000),
    constraint trading_models_type_check check (type in ('trading', 'prediction')),
    constraint trading_models_configuration_check check (jsonb_typeof(configuration) = 'object'),
    constraint trading_models_performance_check check (jsonb_typeof(performance) = 'object'),
    constraint trading_models_times_check check (platform.not_in_future(greatest(created_at, updated_at)))
);

create index trading_models_user_id on models.trading_models (user_id);

-- results and performance_metrics of one that has not succeeded are {}.
create table models.model_backtests (
    id uuid constraint model_backtests_pkey primary key,
    model_id uuid not null,
    user_id uuid not null,
    start_date timestamptz not null,
    end_date timestamptz not null,
    assets text[] not null,
    results jsonb not null default '{}',
    performance_metrics jsonb not null default '{}',
    created_at timestamptz not null default now(),
    notes text,
    status text not null default 'queued',

    constraint model_backtests_model_id_fkey foreign key (model_id, user_id) references models.trading_models (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint model_backtests_dates_check check (start_date < end_date),
    constraint model_backtests_assets_check check (
        array_to_string(assets, ',', '') ~ '^[a-z0-9][a-z0-9-]{0,63}(,[a-z0-9][a-z0-9-]{0,63})*$'),
    constraint model_backtests_results_check check (jsonb_typeof(results) = 'object'),
    constraint model_backtests_performance_metrics_check check (jsonb_typeof(performance_metrics) = 'object'),
    constraint model_backtests_notes_check check (char_length(notes) <= 4000),
    constraint model_backtests_status_check check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    constraint model_backtests_times_check check (platform.not_in_future(greatest(start_date, end_date, created_at)))
);

create index model_backtests_model_id on models.model_backtests (model_id, created_at);
create index model_backtests_user_id on models.model_backtests (user_id, created_at);

alter table models.trading_models enable row level security, force row level security;
alter table models.model_backtests enable row level security, force row level security;

create policy trading_models_of_user on models.trading_models to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy model_backtests_of_user on models.model_backtests to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());

grant select, insert, update, delete on models.trading_models, models.model_backtests to crypto_beacon_app;
