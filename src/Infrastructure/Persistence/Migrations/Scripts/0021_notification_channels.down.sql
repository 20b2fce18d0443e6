drop table identity.notification_channels;
