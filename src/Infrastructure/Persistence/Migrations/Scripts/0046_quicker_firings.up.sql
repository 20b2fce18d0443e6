-- What each firing pays on its way, without any of it saying less.

-- An id is unique, not secret: its bits come from a generator that the system seeds once a session, since asking the system for each of them took four
-- microseconds. The first 48 are the milliseconds, then version 7 with 12, and the variant with 62 random ones.
create or replace function platform.uuid_v7() returns uuid
    language sql volatile parallel restricted
    return encode(
        int8send(floor(date_part('epoch', clock_timestamp()) * 1000)::bigint << 16 | x'7000'::bigint | floor(random() * 4096)::bigint)
            || int8send(floor(random() * 2147483648)::bigint << 31 | floor(random() * 2147483648)::bigint | x'8000000000000000'::bigint),
        'hex')::uuid;

-- Counted apart from the pattern, which with a count in it took ten times as long.
create or replace function platform.is_coin_id(value text) returns boolean
    language sql immutable parallel safe
    return value ~ '^[a-z0-9][a-z0-9-]*$' and char_length(value) <= 64;

-- Firings become visible in the order of their numbers, as before: the lock is taken once a statement, before it gives the first of them.
create function alerts.lock_alert_history() returns trigger
    language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('alerts.alert_history', 0));
    return null;
end;
$$;

create trigger alert_history_in_order before insert on alerts.alert_history
    for each statement execute function alerts.lock_alert_history();

alter table alerts.alert_history alter column sequence set default nextval('alerts.alert_history_sequence');
drop function alerts.next_alert_history();

-- A number is looked for among a user's own alone, so one index does for both. It is built under a lock that keeps alerts from firing: a second a million.
alter table alerts.alert_history
    drop constraint alert_history_sequence_key,
    add constraint alert_history_user_id_sequence_key unique (user_id, sequence);
drop index alerts.alert_history_user_id_sequence;

-- The trail's entry of a firing is the same; its text is put together as text.
create function audit.alert_as_text(is_active boolean, triggered_at timestamptz, other_is_active boolean, other_triggered_at timestamptz)
    returns text
    language sql stable parallel safe
    return '{' || substr(
        case when is_active is distinct from other_is_active then ', "isActive": ' || is_active else '' end
            || case
                when triggered_at is distinct from other_triggered_at
                then ', "triggeredAt": ' || coalesce('"' || to_char(triggered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null')
                else ''
            end,
        3) || '}';

create or replace function audit.record_alerts() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into audit.audit_outbox (user_id, entity, entity_id, action, sealed_changes)
    select now_so.user_id, 'alerts', now_so.id::text, 'changed',
        audit.seal(
            '{"before": ' || audit.alert_as_text(was.is_active, was.triggered_at, now_so.is_active, now_so.triggered_at)
                || ', "after": ' || audit.alert_as_text(now_so.is_active, now_so.triggered_at, was.is_active, was.triggered_at) || '}',
            owner.key)
    from old_alerts was
    join new_alerts now_so using (id)
    left join identity.user_keys owner on owner.user_id = now_so.user_id
    where (was.is_active, was.triggered_at) is distinct from (now_so.is_active, now_so.triggered_at)
    order by now_so.id;
    return null;
end;
$$;

drop function audit.shown_alert(boolean, timestamptz, boolean, timestamptz);

grant create on schema audit to crypto_beacon_auth;
revoke all on function audit.alert_as_text(boolean, timestamptz, boolean, timestamptz) from public;
alter function audit.alert_as_text(boolean, timestamptz, boolean, timestamptz) owner to crypto_beacon_auth;
revoke create on schema audit from crypto_beacon_auth;
