create or replace function platform.uuid_v7() returns uuid
    language sql volatile parallel safe
    return encode(
        set_bit(set_bit(
            overlay(
                uuid_send(gen_random_uuid())
                placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                from 1 for 6),
            52, 1), 53, 1),
        'hex')::uuid;

create or replace function platform.is_coin_id(value text) returns boolean
    language sql immutable parallel safe
    return value ~ '^[a-z0-9][a-z0-9-]{0,63}$';

create function alerts.next_alert_history() returns bigint
    language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('alerts.alert_history', 0));
    return nextval('alerts.alert_history_sequence');
end;
$$;

alter table alerts.alert_history alter column sequence set default alerts.next_alert_history();
drop trigger alert_history_in_order on alerts.alert_history;
drop function alerts.lock_alert_history();

create index alert_history_user_id_sequence on alerts.alert_history (user_id, sequence);
alter table alerts.alert_history
    drop constraint alert_history_user_id_sequence_key,
    add constraint alert_history_sequence_key unique (sequence);

create function audit.shown_alert(is_active boolean, triggered_at timestamptz, other_is_active boolean, other_triggered_at timestamptz)
    returns jsonb
    language sql immutable parallel safe
    return case when is_active is distinct from other_is_active then jsonb_build_object('isActive', is_active) else '{}' end
        || case
            when triggered_at is distinct from other_triggered_at
            then jsonb_build_object('triggeredAt', to_char(triggered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
            else '{}'
        end;

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

drop function audit.alert_as_text(boolean, timestamptz, boolean, timestamptz);

grant create on schema audit to crypto_beacon_auth;
revoke all on function audit.shown_alert(boolean, timestamptz, boolean, timestamptz) from public;
alter function audit.shown_alert(boolean, timestamptz, boolean, timestamptz) owner to crypto_beacon_auth;
revoke create on schema audit from crypto_beacon_auth;
