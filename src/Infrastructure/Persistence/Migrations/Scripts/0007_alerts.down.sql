drop table alerts.alert_deliveries;
drop table alerts.alert_history;
drop function alerts.announce_alert_history();
drop function alerts.next_alert_history();
drop sequence alerts.alert_history_sequence;
drop table alerts.alerts;
