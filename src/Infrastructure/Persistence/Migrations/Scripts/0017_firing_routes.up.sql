-- A firing names the stored pairs of which its price was made, and when the oldest of them held; NULL where it fired before this was kept.
alter table alerts.alert_history
    add route text[],
    add oldest_rate_at timestamptz,
    add constraint alert_history_route_check check (
        (route is null) = (oldest_rate_at is null) and cardinality(route) > 0 and oldest_rate_at <= price_as_of);
