create or replace function audit.record_alerts() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into audit.audit_outbox (user_id, entity, entity_id, action, sealed_changes)
    select after.user_id, 'alerts', after.id::text, 'changed',
        audit.seal(differing.changes::text, (select k.key from identity.user_keys k where k.user_id = after.user_id))
    from old_alerts before
    join new_alerts after using (id)
    cross join lateral audit.changes(
        audit.as_shown(jsonb_build_object('is_active', before.is_active, 'triggered_at', before.triggered_at), tg_relid),
        audit.as_shown(jsonb_build_object('is_active', after.is_active, 'triggered_at', after.triggered_at), tg_relid)) differing (changes)
    where (before.is_active, before.triggered_at) is distinct from (after.is_active, after.triggered_at)
    order by after.id;
    return null;
end;
$$;
drop function audit.shown_alert(boolean, timestamptz, boolean, timestamptz);

drop index alerts.alerts_woken_by_rise;
drop index alerts.alerts_woken_by_fall;
drop index alerts.alerts_expiring;
drop index alerts.alerts_asked_elsewhere;
create index alerts_asked on alerts.alerts (coin_id, currency, expires_at) where is_active;
create index alerts_above_unmet on alerts.alerts (coin_id, currency, price)
    where is_active and condition in ('above', 'crosses_above') and is_met is not true;
create index alerts_above_met on alerts.alerts (coin_id, currency, price)
    where is_active and condition in ('above', 'crosses_above') and is_met;
create index alerts_below_unmet on alerts.alerts (coin_id, currency, price)
    where is_active and condition in ('below', 'crosses_below') and is_met is not true;
create index alerts_below_met on alerts.alerts (coin_id, currency, price)
    where is_active and condition in ('below', 'crosses_below') and is_met;
