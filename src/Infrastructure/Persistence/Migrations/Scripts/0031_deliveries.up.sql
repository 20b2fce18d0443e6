-- Delivery by channels outside: when each is due, who has it in hand, and what every attempt was answered.
-- next_attempt_at: when it is due. claimed_until: a server has it in hand; one that is killed lets go of it then. retries: how many times in a row
-- it has failed, which says how long to wait; attempts counts all of them, those of redeliveries too. answers: {at, statusCode, error} of each attempt.
-- What was disabled because nobody could send it stays so. Adding columns with constant defaults rewrites nothing.
alter table alerts.alert_deliveries
    add column next_attempt_at timestamptz not null default '-infinity',
    add column claimed_until timestamptz,
    add column retries integer not null default 0,
    add column answers jsonb not null default '[]',
    add constraint alert_deliveries_retries_check check (retries >= 0);

drop index alerts.alert_deliveries_pending;
create index alert_deliveries_due on alerts.alert_deliveries (channel, next_attempt_at, user_id) where status = 'pending';
create index alert_deliveries_waiting on alerts.alert_deliveries (user_id, channel, next_attempt_at) where status = 'pending';

grant update (next_attempt_at, claimed_until, retries, answers) on alerts.alert_deliveries to crypto_beacon_worker;

-- A user may have a notification sent again, and say nothing else about it.
create policy alert_deliveries_sent_again on alerts.alert_deliveries for update to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id() and status = 'pending');
grant update (status, next_attempt_at, retries, last_error, sent_at) on alerts.alert_deliveries to crypto_beacon_app;

-- One job for all that a batch of prices has fired.
create function alerts.request_deliveries() returns trigger
    language plpgsql
as $$
begin
    if exists (select from made where status = 'pending') then
        perform platform.request_job('alerts.deliver', null);
    end if;
    return null;
end;
$$;

create trigger alert_deliveries_requested after insert on alerts.alert_deliveries
    referencing new table as made
    for each statement execute function alerts.request_deliveries();

-- The secret before the present one signs for a while, too, so that a receiver can change over. webhook_off_reason: why the server has switched it off.
alter table identity.notification_channels
    add column webhook_previous_secret bytea,
    add column webhook_secret_changed_at timestamptz,
    add column webhook_off_reason text,
    add constraint notification_channels_previous_check check (octet_length(webhook_previous_secret) <= 2000),
    add constraint notification_channels_off_reason_check check (char_length(webhook_off_reason) <= 1000);
