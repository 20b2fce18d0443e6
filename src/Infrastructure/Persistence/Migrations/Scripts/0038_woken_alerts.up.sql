-- What a batch of prices can change lies in one range of one of two indexes: with the batch's highest price, the alerts that a rise wakes (those above that
-- are not met, those below that are); with its lowest, those that a fall wakes. Two searches a pair where there were four, and one entry an alert as before.
-- The indexes are built under a lock that keeps alerts from being written: a million of them take some ten seconds.
drop index alerts.alerts_above_unmet;
drop index alerts.alerts_above_met;
drop index alerts.alerts_below_unmet;
drop index alerts.alerts_below_met;
create index alerts_woken_by_rise on alerts.alerts (coin_id, currency, price)
    where is_active and (condition in ('above', 'crosses_above') and is_met is not true or condition in ('below', 'crosses_below') and is_met);
create index alerts_woken_by_fall on alerts.alerts (coin_id, currency, price)
    where is_active and (condition in ('below', 'crosses_below') and is_met is not true or condition in ('above', 'crosses_above') and is_met);

-- Which of them expire, and which ask for another currency than dollars: neither holds what does not.
drop index alerts.alerts_asked;
create index alerts_expiring on alerts.alerts (coin_id, currency, expires_at) where is_active and expires_at is not null;
create index alerts_asked_elsewhere on alerts.alerts (coin_id, currency) where is_active and currency <> 'USD';

-- A firing's entry in the trail names two columns, so they are written as they are: asking the catalogue for each row's types took longer than all the rest.
create or replace function audit.record_alerts() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into audit.audit_outbox (user_id, entity, entity_id, action, sealed_changes)
    select now_so.user_id, 'alerts', now_so.id::text, 'changed',
        audit.seal(
            jsonb_build_object(
                'before', audit.shown_alert(was.is_active, was.triggered_at, now_so.is_active, now_so.triggered_at),
                'after', audit.shown_alert(now_so.is_active, now_so.triggered_at, was.is_active, was.triggered_at))::text,
            owner.key)
    from old_alerts was
    join new_alerts now_so using (id)
    left join identity.user_keys owner on owner.user_id = now_so.user_id
    where (was.is_active, was.triggered_at) is distinct from (now_so.is_active, now_so.triggered_at)
    order by now_so.id;
    return null;
end;
$$;

-- Of an alert's state what differs from the other one.
create function audit.shown_alert(is_active boolean, triggered_at timestamptz, other_is_active boolean, other_triggered_at timestamptz)
    returns jsonb
    language sql immutable parallel safe
    return case when is_active is distinct from other_is_active then jsonb_build_object('isActive', is_active) else '{}' end
        || case
            when triggered_at is distinct from other_triggered_at
            then jsonb_build_object('triggeredAt', to_char(triggered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
            else '{}'
        end;

grant create on schema audit to crypto_beacon_auth;
revoke all on function audit.shown_alert(boolean, timestamptz, boolean, timestamptz) from public;
alter function audit.shown_alert(boolean, timestamptz, boolean, timestamptz) owner to crypto_beacon_auth;
revoke create on schema audit from crypto_beacon_auth;
