-- Where a user wants to be told: one row, one version. Secrets are sealed by the application.

create table identity.notification_channels (
    user_id uuid constraint notification_channels_pkey primary key,
    email_enabled boolean not null default false,
    email_address text,
    webhook_enabled boolean not null default false,
    webhook_url text,
    webhook_secret bytea,
    push_enabled boolean not null default false,
    push_url text,
    push_token bytea,
    sms_enabled boolean not null default false,
    sms_phone_number text,
    updated_at timestamptz not null default now(),

    constraint notification_channels_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint notification_channels_email_check check (char_length(email_address) <= 254),
    constraint notification_channels_webhook_check check (char_length(webhook_url) <= 2000 and (webhook_url is not null or not webhook_enabled)),
    constraint notification_channels_push_check check (char_length(push_url) <= 2000 and (push_url is not null or not push_enabled)),
    constraint notification_channels_sms_check check (
        sms_phone_number ~ '^\+[1-9][0-9]{1,14}$' and (sms_phone_number is not null or not sms_enabled)),
    constraint notification_channels_secrets_check check (
        octet_length(webhook_secret) <= 2000 and octet_length(push_token) <= 10000),
    constraint notification_channels_times_check check (platform.not_in_future(updated_at))
);

alter table identity.notification_channels enable row level security, force row level security;
create policy notification_channels_of_user on identity.notification_channels to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy notification_channels_delivered on identity.notification_channels for select to crypto_beacon_worker using (true);
grant select, insert, update on identity.notification_channels to crypto_beacon_app;
grant select on identity.notification_channels to crypto_beacon_worker;

create trigger notification_channels_audited after insert or update or delete on identity.notification_channels
    for each row execute function audit.record_change('user_id', 'user_id', 'updated_at');
