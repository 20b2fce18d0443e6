-- Who unsubscribes by a mail may wonder later why none comes: as a webhook does, the channel says why the server has switched it off.
alter table identity.notification_channels
    add column email_off_reason text,
    add constraint notification_channels_email_off_reason_check check (char_length(email_off_reason) <= 1000);
