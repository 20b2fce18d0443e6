-- What an outside tester found of accounts, channels and the trail.

-- Of changes of address that a user asked for, the last counts; asking for the own address is asking for none. The mail first: whoever opens it at this
-- moment leaves its token before it lets go.
create function identity.withdraw_email_change() returns void
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    delete from identity.mails m where m.user_id = platform.current_user_id() and m.kind = 'change_email';
    delete from identity.one_time_tokens t where t.user_id = platform.current_user_id() and t.purpose = 'change_email';
$$;

-- Whoever is deactivated is signed out for good: activated again, the account is signed in to anew, and a thief's session stays dead. Personal access
-- tokens rest meanwhile, as programs come back on their own.
create function identity.end_sessions() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    update identity.sessions s set revoked_at = new.updated_at where s.user_id = new.id and s.revoked_at is null;
    return null;
end;
$$;

create trigger users_signed_out after update of is_active on identity.users
    for each row when (old.is_active and not new.is_active)
    execute function identity.end_sessions();

update identity.sessions s set revoked_at = now()
from identity.users u
where u.id = s.user_id and not u.is_active and s.revoked_at is null;

alter table identity.mails
    drop constraint mails_kind_check,
    add constraint mails_kind_check check (kind in (
        'verify_email', 'reset_password', 'change_email', 'email_change_requested', 'email_changed', 'password_changed',
        'mfa_enabled', 'mfa_disabled', 'recovery_codes_renewed', 'new_device', 'token_created'));

-- A secret is for the one it was given for: scheme, host and port. It outlives its channel's address, so that a channel can be off for a while.
alter table identity.notification_channels
    add column webhook_origin text,
    add column push_origin text,
    add constraint notification_channels_origins_check check (
        char_length(webhook_origin) <= 2000 and char_length(push_origin) <= 2000);
update identity.notification_channels
set webhook_origin = lower(substring(webhook_url from '^[^:]+://[^/?#]+')),
    push_origin = lower(substring(push_url from '^[^:]+://[^/?#]+'));

-- What the server itself does to alerts, by the thousand and set-based: a firing, an end, a pause. Nobody acts there; what a user changes has its
-- entry from the application.
create function audit.record_alerts() returns trigger
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

create trigger alerts_fired after update on alerts.alerts
    referencing old table as old_alerts new table as new_alerts
    for each statement when (platform.current_user_id() is null) execute function audit.record_alerts();

grant create on schema identity, audit to crypto_beacon_auth;
do $$
declare
    definer regprocedure;
begin
    foreach definer in array array[
        'identity.withdraw_email_change()', 'identity.end_sessions()', 'audit.record_alerts()']::regprocedure[]
    loop
        execute format('revoke all on function %s from public', definer);
        execute format('alter function %s owner to crypto_beacon_auth', definer);
    end loop;
end;
$$;
revoke create on schema identity, audit from crypto_beacon_auth;
grant execute on function identity.withdraw_email_change() to crypto_beacon_app;
