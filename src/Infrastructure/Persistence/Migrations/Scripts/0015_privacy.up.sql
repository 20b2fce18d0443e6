-- What the trail says of a user is sealed under a key of the user's own, and from where somebody acted under a key of the day besides: a key that is
-- destroyed takes with it what it sealed, and the chain over the sealed bytes stays whole.

create extension if not exists pgcrypto with schema audit;

-- Wherever the extension is: a DBA may have put it elsewhere. The keys are random, so nothing is gained by stretching them (s2k-mode=0).
do $$
declare
    place text := (select extnamespace::regnamespace::text from pg_extension where extname = 'pgcrypto');
begin
    execute format(
        'create function audit.new_key() returns bytea language sql volatile parallel safe return %s.gen_random_bytes(32)', place);
    execute format(
        'create function audit.seal(content text, key bytea) returns bytea language sql volatile strict parallel safe
            return %s.pgp_sym_encrypt(content, encode(key, ''hex''), ''cipher-algo=aes256, s2k-mode=0, compress-algo=0'')', place);
    execute format(
        'create function audit.unseal(sealed bytea, key bytea) returns text language sql immutable strict parallel safe
            return %s.pgp_sym_decrypt(sealed, encode(key, ''hex''))', place);
end;
$$;

-- Read by the functions below alone. It goes with its user.
create table identity.user_keys (
    user_id uuid constraint user_keys_pkey primary key,
    key bytea not null,

    constraint user_keys_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint user_keys_key_check check (octet_length(key) = 32)
);

create table audit.address_keys (
    day date constraint address_keys_pkey primary key,
    key bytea not null,

    constraint address_keys_key_check check (octet_length(key) = 32)
);

alter table identity.user_keys enable row level security, force row level security;
alter table audit.address_keys enable row level security, force row level security;

create policy user_keys_auth on identity.user_keys to crypto_beacon_auth using (true) with check (true);
create policy address_keys_auth on audit.address_keys to crypto_beacon_auth using (true) with check (true);
create policy address_keys_past on audit.address_keys to crypto_beacon_worker
    using (day < (now() at time zone 'UTC')::date - 90) with check (false);

grant select, insert on identity.user_keys to crypto_beacon_auth;
grant select, insert on audit.address_keys to crypto_beacon_auth;
grant select (day), delete on audit.address_keys to crypto_beacon_worker;

create function identity.make_user_key() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into identity.user_keys (user_id, key) values (new.id, audit.new_key());
    return null;
end;
$$;

-- Triggers go by their names: this one before users_audited, whose entry is sealed under the key.
create trigger keyed after insert on identity.users for each row execute function identity.make_user_key();

insert into identity.user_keys (user_id, key) select u.id, audit.new_key() from identity.users u;

-- Of one user on one day: gone with either. Only who seals makes a missing key of a day.
create function audit.address_key(p_user_id uuid, p_day date) returns bytea
    language sql stable parallel safe
    return (
        select sha256(u.key || d.key)
        from identity.user_keys u, audit.address_keys d
        where u.user_id = p_user_id and d.day = p_day);

create function audit.day_of(occurred_at timestamptz) returns date
    language sql immutable parallel safe
    return (occurred_at at time zone 'UTC')::date;


-- In place of ip_address. What concerns a user is in sealed_changes, what is the installation's own in changes; neither, where the user is erased.
drop policy audit_outbox_of_user on audit.audit_outbox;
alter table audit.audit_outbox
    drop column ip_address,
    add column sealed_address bytea,
    add column sealed_changes bytea,
    alter column changes drop not null;
create policy audit_outbox_of_user on audit.audit_outbox to crypto_beacon_app
    using (user_id = platform.current_user_id())
    with check (
        actor_id = platform.current_user_id()
        and occurred_at = now()
        and (user_id = platform.current_user_id() or user_id is null and (select platform.is_admin())));

-- Whoever writes the entry, by whichever path, hands it over in clear, and nothing in clear is stored.
create function audit.seal_entry() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    address text := host(platform.current_address());
begin
    new.sealed_changes := null;
    if new.user_id is not null then
        new.sealed_changes := audit.seal(new.changes::text, (select k.key from identity.user_keys k where k.user_id = new.user_id));
        new.changes := null;
    end if;

    new.sealed_address := null;
    if address is not null and new.actor_id is not null then
        if not exists (select from audit.address_keys k where k.day = audit.day_of(new.occurred_at)) then
            insert into audit.address_keys (day, key) values (audit.day_of(new.occurred_at), audit.new_key()) on conflict do nothing;
        end if;
        new.sealed_address := audit.seal(address, audit.address_key(new.actor_id, audit.day_of(new.occurred_at)));
    end if;
    return new;
end;
$$;

alter table audit.audit_entries
    add column sealed_address bytea,
    add column sealed_changes bytea,
    alter column changes drop not null;

-- Form 2: as form 1, with the sealed bytes in hexadecimal in place of the address, and those of the changes at the end.
create or replace function audit.entry_hash(entry audit.audit_entries) returns bytea
    language sql stable parallel safe
    return sha256(convert_to(
        jsonb_build_array(
            2,
            encode(entry.previous_hash, 'hex'),
            entry.sequence,
            to_char(entry.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            entry.actor_id,
            encode(entry.sealed_address, 'hex'),
            entry.user_id,
            entry.entity,
            entry.entity_id,
            entry.action,
            entry.changes,
            encode(entry.sealed_changes, 'hex'))::text,
        'UTF8'));

-- What is there already could not be erased where it stands, so it is sealed, and the chain written anew; what was checked before says nothing of it.
drop trigger audit_entries_append_only on audit.audit_entries;
drop trigger audit_checks_append_only on audit.audit_checks;
alter table audit.audit_checks no force row level security;

insert into audit.address_keys (day, key)
select days.day, audit.new_key()
from (select distinct audit.day_of(e.occurred_at) from audit.audit_entries e where e.ip_address is not null) days (day);

update audit.audit_entries e
set sealed_address = audit.seal(host(e.ip_address), audit.address_key(e.actor_id, audit.day_of(e.occurred_at)));
update audit.audit_entries e
set sealed_changes = audit.seal(e.changes::text, (select k.key from identity.user_keys k where k.user_id = e.user_id)), changes = null
where e.user_id is not null;
update audit.audit_outbox e
set sealed_changes = audit.seal(e.changes::text, (select k.key from identity.user_keys k where k.user_id = e.user_id)), changes = null
where e.user_id is not null;

alter table audit.audit_entries drop column ip_address;

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

create trigger audit_outbox_sealed before insert on audit.audit_outbox
    for each row execute function audit.seal_entry();
alter table audit.audit_outbox add constraint audit_outbox_sealed_check check (user_id is null or changes is null);

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
        entry.sealed_address := moved.sealed_address;
        entry.user_id := moved.user_id;
        entry.entity := moved.entity;
        entry.entity_id := moved.entity_id;
        entry.action := moved.action;
        entry.changes := moved.changes;
        entry.sealed_changes := moved.sealed_changes;
        entry.hash := audit.entry_hash(entry);
        insert into audit.audit_entries values (entry.*);
        appended := appended + 1;
    end loop;
    return appended;
end;
$$;

-- For the user themselves and for administrators. NULL: the user is erased.
create function audit.changes_of(entry audit.audit_entries) returns jsonb
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return case
        when entry.user_id is null then entry.changes
        when entry.user_id = platform.current_user_id() or platform.is_admin()
        then audit.unseal(entry.sealed_changes, (select k.key from identity.user_keys k where k.user_id = entry.user_id))::jsonb
    end;
end;
$$;

-- From where the actor acted, for the actor and for administrators. NULL also when it is long ago.
create function audit.address_of(entry audit.audit_entries) returns text
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
    return case
        when entry.actor_id = platform.current_user_id() or platform.is_admin()
        then audit.unseal(entry.sealed_address, audit.address_key(entry.actor_id, audit.day_of(entry.occurred_at)))
    end;
end;
$$;


-- Sessions forget their addresses and devices, too.
create policy sessions_past on identity.sessions for update to crypto_beacon_worker
    using (last_used_at < now() - interval '90 days') with check (ip_address is null and user_agent is null);
create policy sessions_past_seen on identity.sessions for select to crypto_beacon_worker
    using (last_used_at < now() - interval '90 days');
grant select (last_used_at, ip_address, user_agent), update (ip_address, user_agent) on identity.sessions to crypto_beacon_worker;

grant create on schema identity, audit to crypto_beacon_auth;
do $$
declare
    definer regprocedure;
begin
    foreach definer in array array[
        'identity.make_user_key()', 'audit.seal_entry()', 'audit.changes_of(audit.audit_entries)',
        'audit.address_of(audit.audit_entries)']::regprocedure[]
    loop
        execute format('revoke all on function %s from public', definer);
        execute format('alter function %s owner to crypto_beacon_auth', definer);
    end loop;
end;
$$;
revoke create on schema identity, audit from crypto_beacon_auth;

grant execute on function audit.changes_of(audit.audit_entries), audit.address_of(audit.audit_entries) to crypto_beacon_app;
