-- Imports that wait, run and are followed: what was asked for, how far it is, and the report. Those that are there already have succeeded.
alter table trading.trade_imports
    add column status text not null default 'succeeded',
    add column progress numeric not null default 1,
    add column options jsonb,
    add column encoding text,
    add column report jsonb,
    add column problem jsonb,
    add constraint trade_imports_status_check check (status in ('queued', 'running', 'succeeded', 'failed')),
    add constraint trade_imports_progress_check check (progress between 0 and 1),
    add constraint trade_imports_encoding_check check (char_length(encoding) between 1 and 100);

-- The file of an import that waits, in pieces, until it has run: not on one server's disk.
create table trading.import_chunks (
    import_id uuid not null,
    user_id uuid not null,
    position integer not null,
    content bytea not null,

    constraint import_chunks_pkey primary key (import_id, position),
    constraint import_chunks_import_id_fkey foreign key (import_id, user_id) references trading.trade_imports (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint import_chunks_position_check check (position >= 0)
);

-- It is compressed already or won't be: a file is read once.
alter table trading.import_chunks alter column content set storage external;

-- Rows of imported files whose trades somebody has deleted: the same file again does not bring them back, unless the import is undone as a whole.
create table trading.deleted_rows (
    trade_id uuid constraint deleted_rows_pkey primary key,
    user_id uuid not null,
    portfolio_id uuid not null,
    import_id uuid not null,
    source text not null,
    external_id text,
    fingerprint bytea,
    occurrence integer,

    constraint deleted_rows_import_id_fkey foreign key (import_id, user_id) references trading.trade_imports (id, user_id)
        on delete cascade deferrable initially deferred
);

create index deleted_rows_import_id on trading.deleted_rows (import_id);
create index deleted_rows_external_identity on trading.deleted_rows (portfolio_id, source, external_id) where external_id is not null;
create index deleted_rows_row_identity on trading.deleted_rows (portfolio_id, fingerprint, occurrence) where fingerprint is not null;

alter table trading.import_chunks enable row level security, force row level security;
alter table trading.deleted_rows enable row level security, force row level security;

create policy import_chunks_of_user on trading.import_chunks to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy deleted_rows_of_user on trading.deleted_rows to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
-- The job learns from it whose import it is, and works as that user.
create policy trade_imports_of_jobs on trading.trade_imports for select to crypto_beacon_worker using (true);

grant select, insert, delete on trading.import_chunks, trading.deleted_rows to crypto_beacon_app;
grant select on trading.trade_imports to crypto_beacon_worker;

-- What the trail says of an import: that it was, not how far it was or what it answered.
drop trigger trade_imports_audited on trading.trade_imports;
create trigger trade_imports_audited after insert or delete on trading.trade_imports
    for each row execute function audit.record_change(
        'id', 'user_id', 'created_at,file_hash,options,encoding,status,progress,report,problem');
