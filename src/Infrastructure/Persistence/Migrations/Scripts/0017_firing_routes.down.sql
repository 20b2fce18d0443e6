alter table alerts.alert_history
    drop constraint alert_history_route_check,
    drop route,
    drop oldest_rate_at;
