-- keys rotate wraps sealed secrets anew, as the owner, who sees rows by the policies of crypto_beacon_auth. No login is granted anything.

create policy mfa_methods_rewrapped on identity.mfa_methods for update to crypto_beacon_auth using (true) with check (true);
create policy notification_channels_rewrapped on identity.notification_channels to crypto_beacon_auth using (true) with check (true);

-- A start and a rotation look at the columns that modules name.
drop function identity.sealed_samples();

-- A secret that is wrapped anew is the same secret: no entry for it. One that is proposed anew leaves its entry when it is confirmed.
drop trigger mfa_methods_audited on identity.mfa_methods;
create trigger mfa_methods_audited after insert or update or delete on identity.mfa_methods
    for each row execute function audit.record_change('user_id', 'user_id', 'created_at,last_step,secret');

-- The chain's verifications that nobody waits for.
create table audit.audit_verifications (
    id uuid constraint audit_verifications_pkey primary key,
    created_at timestamptz not null default now(),
    status text not null default 'queued',
    total bigint not null,
    entries bigint not null default 0,
    first_broken bigint,
    finished_at timestamptz,

    constraint audit_verifications_status_check check (status in ('queued', 'running', 'succeeded')),
    constraint audit_verifications_times_check check (platform.not_in_future(greatest(created_at, finished_at)))
);

alter table audit.audit_verifications enable row level security, force row level security;
create policy audit_verifications_administered on audit.audit_verifications to crypto_beacon_app
    using ((select platform.is_admin())) with check ((select platform.is_admin()));
create policy audit_verifications_of_jobs on audit.audit_verifications to crypto_beacon_worker using (true) with check (true);
grant select, insert on audit.audit_verifications to crypto_beacon_app;
grant select, update on audit.audit_verifications to crypto_beacon_worker;
