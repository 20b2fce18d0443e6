-- The job queue's tables as Hangfire.PostgreSql 1.21.1 makes them (its scripts v3 to v23 in one), made by the owner instead,
-- so that the login that works the jobs needs no right to change them. A newer schema of the package is a newer migration here.

create schema hangfire;

create table hangfire.schema (
    version integer not null,
    constraint schema_pkey primary key (version)
);

insert into hangfire.schema (version) values (23);

create table hangfire.job (
    id bigserial not null,
    stateid bigint,
    statename text,
    invocationdata jsonb not null,
    arguments jsonb not null,
    createdat timestamptz not null,
    expireat timestamptz,
    updatecount integer not null default 0,
    constraint job_pkey primary key (id)
);

create index ix_hangfire_job_expireat on hangfire.job (expireat);
create index ix_hangfire_job_statename on hangfire.job (statename);
create index ix_hangfire_job_statename_is_not_null on hangfire.job (statename) include (id) where statename is not null;

create table hangfire.jobparameter (
    id bigserial not null,
    jobid bigint not null,
    name text not null,
    value text,
    updatecount integer not null default 0,
    constraint jobparameter_pkey primary key (id),
    constraint jobparameter_jobid_fkey foreign key (jobid) references hangfire.job (id) on update cascade on delete cascade
);

create index ix_hangfire_jobparameter_jobidandname on hangfire.jobparameter (jobid, name);

create table hangfire.jobqueue (
    id bigserial not null,
    jobid bigint not null,
    queue text not null,
    fetchedat timestamptz,
    updatecount integer not null default 0,
    constraint jobqueue_pkey primary key (id)
);

create index ix_hangfire_jobqueue_fetchedat_queue_jobid on hangfire.jobqueue (fetchedat nulls first, queue, jobid);
create index ix_hangfire_jobqueue_jobidandqueue on hangfire.jobqueue (jobid, queue);
create index ix_hangfire_jobqueue_queueandfetchedat on hangfire.jobqueue (queue, fetchedat);

create table hangfire.state (
    id bigserial not null,
    jobid bigint not null,
    name text not null,
    reason text,
    createdat timestamptz not null,
    data jsonb,
    updatecount integer not null default 0,
    constraint state_pkey primary key (id),
    constraint state_jobid_fkey foreign key (jobid) references hangfire.job (id) on update cascade on delete cascade
);

create index ix_hangfire_state_jobid on hangfire.state (jobid);

create table hangfire.server (
    id text not null,
    data jsonb,
    lastheartbeat timestamptz not null,
    updatecount integer not null default 0,
    constraint server_pkey primary key (id)
);

create table hangfire.lock (
    resource text not null,
    updatecount integer not null default 0,
    acquired timestamptz,
    constraint lock_resource_key unique (resource)
);

alter table hangfire.lock replica identity using index lock_resource_key;

create table hangfire.counter (
    id bigserial not null,
    key text not null,
    value bigint not null,
    expireat timestamptz,
    constraint counter_pkey primary key (id)
);

create index ix_hangfire_counter_expireat on hangfire.counter (expireat);
create index ix_hangfire_counter_key on hangfire.counter (key);

create table hangfire.aggregatedcounter (
    id bigserial not null,
    key text not null,
    value bigint not null,
    expireat timestamptz,
    constraint aggregatedcounter_pkey primary key (id),
    constraint aggregatedcounter_key_key unique (key)
);

create table hangfire.hash (
    id bigserial not null,
    key text not null,
    field text not null,
    value text,
    expireat timestamptz,
    updatecount integer not null default 0,
    constraint hash_pkey primary key (id),
    constraint hash_key_field_key unique (key, field)
);

create index ix_hangfire_hash_expireat on hangfire.hash (expireat);

create table hangfire.list (
    id bigserial not null,
    key text not null,
    value text,
    expireat timestamptz,
    updatecount integer not null default 0,
    constraint list_pkey primary key (id)
);

create index ix_hangfire_list_expireat on hangfire.list (expireat);

create table hangfire.set (
    id bigserial not null,
    key text not null,
    score double precision not null,
    value text not null,
    expireat timestamptz,
    updatecount integer not null default 0,
    constraint set_pkey primary key (id),
    constraint set_key_value_key unique (key, value)
);

create index ix_hangfire_set_expireat on hangfire.set (expireat);
create index ix_hangfire_set_key_score on hangfire.set (key, score);

grant usage on schema hangfire to crypto_beacon_worker;
grant select on hangfire.schema to crypto_beacon_worker;
grant select, insert, update, delete on
    hangfire.job, hangfire.jobparameter, hangfire.jobqueue, hangfire.state, hangfire.server, hangfire.lock, hangfire.counter,
    hangfire.aggregatedcounter, hangfire.hash, hangfire.list, hangfire.set
    to crypto_beacon_worker;
grant usage on all sequences in schema hangfire to crypto_beacon_worker;
