alter table identity.notification_channels drop column email_off_reason;
