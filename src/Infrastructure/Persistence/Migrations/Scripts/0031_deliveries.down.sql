alter table identity.notification_channels
    drop column webhook_previous_secret,
    drop column webhook_secret_changed_at,
    drop column webhook_off_reason;

drop trigger alert_deliveries_requested on alerts.alert_deliveries;
drop function alerts.request_deliveries();

revoke update (status, next_attempt_at, retries, last_error, sent_at) on alerts.alert_deliveries from crypto_beacon_app;
drop policy alert_deliveries_sent_again on alerts.alert_deliveries;

drop index alerts.alert_deliveries_due;
drop index alerts.alert_deliveries_waiting;
create index alert_deliveries_pending on alerts.alert_deliveries (history_id) where status = 'pending';

alter table alerts.alert_deliveries
    drop column next_attempt_at,
    drop column claimed_until,
    drop column retries,
    drop column answers;
