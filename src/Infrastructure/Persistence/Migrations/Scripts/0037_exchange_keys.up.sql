-- Keys of exchanges are taken in, and what they open is read into portfolios.

-- masked: what is shown of a key. permissions_checked: the exchange has said that it can't withdraw. sync_portfolio_id: into which portfolio the account's
-- new fills are taken every night. revision: the version of what its owner may write; using a key or wrapping it anew changes neither that nor updated_at.
alter table api_integration.api_keys
    add column masked text not null default '****',
    add column permissions_checked boolean not null default false,
    add column sync_portfolio_id uuid,
    add column revision bigint not null default 1,
    add constraint api_keys_masked_check check (char_length(masked) between 1 and 20),
    add constraint api_keys_sync_portfolio_id_fkey foreign key (sync_portfolio_id, user_id) references portfolios.portfolios (id, user_id)
        on delete set null (sync_portfolio_id) deferrable initially deferred;

create index api_keys_sync_portfolio_id on api_integration.api_keys (sync_portfolio_id) where sync_portfolio_id is not null;

create function api_integration.revise_key() returns trigger
    language plpgsql
as $$
begin
    new.revision := old.revision + 1;
    return new;
end;
$$;

create trigger api_keys_revised before update on api_integration.api_keys
    for each row when ((new.updated_at, new.sync_portfolio_id) is distinct from (old.updated_at, old.sync_portfolio_id))
    execute function api_integration.revise_key();

-- A verdict of the exchange is no change of its owner's.
drop trigger api_keys_audited on api_integration.api_keys;
create trigger api_keys_audited after insert or delete or update of updated_at on api_integration.api_keys
    for each row execute function audit.record_change('id', 'user_id', 'created_at,updated_at,last_used,revision');

-- keys rotate wraps them anew, as the owner.
create policy api_keys_rewrapped on api_integration.api_keys to crypto_beacon_auth using (true) with check (true);
-- Which syncs are due every night; keys and secrets are not the job's to read.
create policy api_keys_synced on api_integration.api_keys for select to crypto_beacon_worker using (true);
grant select (id, user_id, provider_id, is_active, sync_portfolio_id) on api_integration.api_keys to crypto_beacon_worker;

-- The id of a key is no secret: whose sync it was, and which key a call was made with, is part of an export.
create or replace function audit.is_secret(name text) returns boolean
    language sql immutable parallel safe
    return name ~* '(password|secret|token|hash|fingerprint|api_?key(?!_?id)|recovery|totp|otp|code("|$))';

-- One reading of an account into a portfolio. resume_from: where the exchange's list of fills goes on, in the connector's words; it is stored with the trades
-- of the page before. import_id: of trading, once something was imported. rejected: the first hundred. attempts: since the last page that was read.
create table api_integration.sync_runs (
    id uuid constraint sync_runs_pkey primary key,
    user_id uuid not null,
    api_key_id uuid not null,
    portfolio_id uuid not null,
    status text not null default 'queued',
    is_nightly boolean not null default false,
    is_full boolean not null,
    resume_from text,
    progress numeric not null default 0,
    import_id uuid,
    imported integer not null default 0,
    duplicates integer not null default 0,
    skipped integer not null default 0,
    rejected_count integer not null default 0,
    rejected jsonb not null default '[]',
    attempts integer not null default 0,
    fault text,
    error text,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,

    constraint sync_runs_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint sync_runs_api_key_id_fkey foreign key (api_key_id, user_id) references api_integration.api_keys (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint sync_runs_portfolio_id_fkey foreign key (portfolio_id, user_id) references portfolios.portfolios (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint sync_runs_status_check check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    constraint sync_runs_resume_from_check check (char_length(resume_from) <= 1000000),
    constraint sync_runs_progress_check check (progress between 0 and 1),
    constraint sync_runs_counts_check check (least(imported, duplicates, skipped, rejected_count, attempts) >= 0),
    constraint sync_runs_import_id_check check ((import_id is not null) = (imported > 0)),
    constraint sync_runs_rejected_check check (jsonb_typeof(rejected) = 'array'),
    constraint sync_runs_fault_check check (char_length(fault) between 1 and 100),
    constraint sync_runs_error_check check (char_length(error) <= 4000 and (error is null) = (fault is null)),
    constraint sync_runs_finished_at_check check ((finished_at is not null) = (status in ('succeeded', 'failed', 'cancelled'))),
    constraint sync_runs_times_check check (platform.not_in_future(greatest(created_at, started_at, finished_at)))
);

create unique index sync_runs_pending on api_integration.sync_runs (api_key_id, portfolio_id) where status in ('queued', 'running');
create index sync_runs_api_key_id on api_integration.sync_runs (user_id, api_key_id, id);
create index sync_runs_portfolio_id on api_integration.sync_runs (portfolio_id);

alter table api_integration.sync_runs enable row level security, force row level security;
create policy sync_runs_of_user on api_integration.sync_runs to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
-- The job learns from it whose sync it is, and works as that user.
create policy sync_runs_of_jobs on api_integration.sync_runs for select to crypto_beacon_worker using (true);
grant select, insert, update on api_integration.sync_runs to crypto_beacon_app;
grant select on api_integration.sync_runs to crypto_beacon_worker;
