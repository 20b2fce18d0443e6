-- The trail is opened again, as far as there are keys, and its chain written anew.

revoke select (last_used_at, ip_address, user_agent), update (ip_address, user_agent) on identity.sessions from crypto_beacon_worker;
drop policy sessions_past_seen on identity.sessions;
drop policy sessions_past on identity.sessions;
drop function audit.address_of(audit.audit_entries);
drop function audit.changes_of(audit.audit_entries);

drop trigger audit_outbox_sealed on audit.audit_outbox;
drop function audit.seal_entry();
drop trigger audit_entries_append_only on audit.audit_entries;
drop trigger audit_checks_append_only on audit.audit_checks;
alter table audit.audit_checks no force row level security;
alter table audit.audit_outbox drop constraint audit_outbox_sealed_check;
drop policy audit_outbox_of_user on audit.audit_outbox;

alter table audit.audit_entries add column ip_address inet;
alter table audit.audit_outbox add column ip_address inet default platform.current_address();

update audit.audit_entries e
set ip_address = audit.unseal(e.sealed_address, audit.address_key(e.actor_id, audit.day_of(e.occurred_at)))::inet,
    changes = coalesce(
        e.changes, audit.unseal(e.sealed_changes, (select k.key from identity.user_keys k where k.user_id = e.user_id))::jsonb, '{}');
update audit.audit_outbox e
set ip_address = audit.unseal(e.sealed_address, audit.address_key(e.actor_id, audit.day_of(e.occurred_at)))::inet,
    changes = coalesce(
        e.changes, audit.unseal(e.sealed_changes, (select k.key from identity.user_keys k where k.user_id = e.user_id))::jsonb, '{}');

create policy audit_outbox_of_user on audit.audit_outbox to crypto_beacon_app
    using (user_id = platform.current_user_id())
    with check (
        actor_id = platform.current_user_id()
        and ip_address is not distinct from platform.current_address()
        and occurred_at = now()
        and (user_id = platform.current_user_id() or user_id is null and (select platform.is_admin())));

create or replace function audit.entry_hash(entry audit.audit_entries) returns bytea
    language sql stable parallel safe
    return sha256(convert_to(
        jsonb_build_array(
            1,
            encode(entry.previous_hash, 'hex'),
            entry.sequence,
            to_char(entry.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            entry.actor_id,
            host(entry.ip_address),
            entry.user_id,
            entry.entity,
            entry.entity_id,
            entry.action,
            entry.changes)::text,
        'UTF8'));

alter table audit.audit_outbox drop column sealed_address, drop column sealed_changes, alter column changes set not null;
alter table audit.audit_entries drop column sealed_address, drop column sealed_changes, alter column changes set not null;

do $$
declare
    entry audit.audit_entries;
    previous bytea := audit.genesis();
begin
    for entry in select e.* from audit.audit_entries e order by e.sequence loop
        entry.previous_hash := previous;
        previous := audit.entry_hash(entry);
        update audit.audit_entries e
        set previous_hash = entry.previous_hash, hash = previous
        where e.sequence = entry.sequence and e.occurred_at = entry.occurred_at;
    end loop;
end;
$$;
delete from audit.audit_checks;

alter table audit.audit_checks force row level security;
create trigger audit_entries_append_only before update or delete on audit.audit_entries
    for each row execute function audit.refuse_change();
create trigger audit_checks_append_only before update or delete on audit.audit_checks
    for each row execute function audit.refuse_change();

create or replace function audit.append_entries(p_limit integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    entry audit.audit_entries;
    moved audit.audit_outbox;
    appended integer := 0;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('audit.audit_entries', 0)) then
        return 0;
    end if;

    select e.sequence, e.hash into entry.sequence, entry.hash from audit.audit_entries e order by e.sequence desc limit 1;
    if not found then
        entry.sequence := 0;
        entry.hash := audit.genesis();
    end if;

    for moved in
        with taken as (
            delete from audit.audit_outbox
            where position in (select o.position from audit.audit_outbox o order by o.position limit p_limit)
            returning *
        )
        select * from taken order by position
    loop
        entry.sequence := entry.sequence + 1;
        entry.previous_hash := entry.hash;
        entry.occurred_at := moved.occurred_at;
        entry.actor_id := moved.actor_id;
        entry.ip_address := moved.ip_address;
        entry.user_id := moved.user_id;
        entry.entity := moved.entity;
        entry.entity_id := moved.entity_id;
        entry.action := moved.action;
        entry.changes := moved.changes;
        entry.hash := audit.entry_hash(entry);
        insert into audit.audit_entries values (entry.*);
        appended := appended + 1;
    end loop;
    return appended;
end;
$$;

drop trigger keyed on identity.users;
drop function identity.make_user_key();
drop function audit.address_key(uuid, date);
drop function audit.day_of(timestamptz);
drop table audit.address_keys;
drop table identity.user_keys;
drop function audit.unseal(bytea, bytea);
drop function audit.seal(text, bytea);
drop function audit.new_key();
-- Only the one that the migration made.
do $$
begin
    if exists (select from pg_extension where extname = 'pgcrypto' and extnamespace = 'audit'::regnamespace) then
        drop extension pgcrypto;
    end if;
end;
$$;
