drop trigger alerts_fired on alerts.alerts;
drop function audit.record_alerts();

alter table identity.notification_channels drop column webhook_origin, drop column push_origin;

delete from identity.mails where kind = 'recovery_codes_renewed';
alter table identity.mails
    drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in (
        'verify_email', 'reset_password', 'change_email', 'email_change_requested', 'email_changed', 'password_changed',
        'mfa_enabled', 'mfa_disabled', 'new_device', 'token_created'));

drop trigger users_signed_out on identity.users;
drop function identity.end_sessions();
drop function identity.withdraw_email_change();
