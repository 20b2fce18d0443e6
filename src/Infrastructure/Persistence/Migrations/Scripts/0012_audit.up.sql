-- Who changed what, when and from where: written with the change to audit_outbox, moved from there to audit_entries, a chain that can only grow.

create schema audit;
grant usage on schema audit to crypto_beacon_auth, crypto_beacon_app, crypto_beacon_worker;

do $$
begin
    execute format(
        'alter database %I set search_path = public, identity, portfolios, watchlists, trading, alerts, api_integration, models, audit, platform',
        current_database());
end;
$$;

-- Where the request came from; unknown for what no request asked for.
create function platform.current_address() returns inet
    language sql stable parallel safe
    return nullif(current_setting('app.ip_address', true), '')::inet;

-- user_id: whose data it is, NULL where it is the installation's. It refers to nobody, since entries outlive their users.
create table audit.audit_outbox (
    id uuid constraint audit_outbox_pkey primary key default platform.uuid_v7(),
    position bigint not null generated always as identity,
    occurred_at timestamptz not null default now(),
    actor_id uuid default platform.current_user_id(),
    ip_address inet default platform.current_address(),
    user_id uuid,
    entity text not null,
    entity_id text not null,
    action text not null,
    changes jsonb not null,

    constraint audit_outbox_position_key unique (position),
    constraint audit_outbox_entity_check check (char_length(entity) between 1 and 100),
    constraint audit_outbox_entity_id_check check (char_length(entity_id) between 1 and 200),
    constraint audit_outbox_action_check check (action in ('created', 'changed', 'deleted')),
    constraint audit_outbox_changes_check check (jsonb_typeof(changes) = 'object')
);

-- The key of a partitioned table includes the time; that no number is given twice is the lock's doing.
create table audit.audit_entries (
    sequence bigint not null,
    occurred_at timestamptz not null,
    actor_id uuid,
    ip_address inet,
    user_id uuid,
    entity text not null,
    entity_id text not null,
    action text not null,
    changes jsonb not null,
    previous_hash bytea not null,
    hash bytea not null,

    constraint audit_entries_pkey primary key (sequence, occurred_at),
    constraint audit_entries_sequence_check check (sequence > 0),
    constraint audit_entries_hashes_check check (octet_length(previous_hash) = 32 and octet_length(hash) = 32)
) partition by range (occurred_at);

do $$
begin
    for year in 2025..2045 loop
        execute format(
            'create table audit.audit_entries_%1$s partition of audit.audit_entries for values from (%2$L) to (%3$L)',
            year, format('%s-01-01 00:00:00+00', year), format('%s-01-01 00:00:00+00', year + 1));
    end loop;
end;
$$;
create table audit.audit_entries_other partition of audit.audit_entries default;

create index audit_entries_user_id on audit.audit_entries (user_id, sequence);
create index audit_entries_actor_id on audit.audit_entries (actor_id, sequence);
create index audit_entries_entity on audit.audit_entries (entity, entity_id, sequence);

-- How far the chain was whole when somebody looked: an end that is cut off, or written anew from some entry on, shows against it.
create table audit.audit_checks (
    id uuid constraint audit_checks_pkey primary key default platform.uuid_v7(),
    checked_at timestamptz not null default now(),
    sequence bigint not null,
    hash bytea not null,
    first_broken bigint,

    constraint audit_checks_hash_check check (octet_length(hash) = 32),
    constraint audit_checks_times_check check (platform.not_in_future(checked_at))
);

create index audit_checks_sequence on audit.audit_checks (sequence) where first_broken is null;

alter table audit.audit_outbox enable row level security, force row level security;
alter table audit.audit_entries enable row level security, force row level security;
alter table audit.audit_checks enable row level security, force row level security;

-- Nobody writes in another's name, nor about another's data: what an administrator does to a user goes by functions that know both.
create policy audit_outbox_of_user on audit.audit_outbox to crypto_beacon_app
    using (user_id = platform.current_user_id())
    with check (
        actor_id = platform.current_user_id()
        and ip_address is not distinct from platform.current_address()
        and occurred_at = now()
        and (user_id = platform.current_user_id() or user_id is null and (select platform.is_admin())));
create policy audit_outbox_of_jobs on audit.audit_outbox for insert to crypto_beacon_worker with check (actor_id is not distinct from platform.current_user_id());
create policy audit_outbox_pending on audit.audit_outbox for select to crypto_beacon_worker using (true);
create policy audit_outbox_moved on audit.audit_outbox to crypto_beacon_auth using (true) with check (true);

create policy audit_entries_of_user on audit.audit_entries for select to crypto_beacon_app
    using (user_id = (select platform.current_user_id()));
create policy audit_entries_administered on audit.audit_entries for select to crypto_beacon_app
    using ((select platform.is_admin()));
create policy audit_entries_checked on audit.audit_entries for select to crypto_beacon_worker using (true);
create policy audit_entries_appended on audit.audit_entries to crypto_beacon_auth using (true) with check (true);

create policy audit_checks_administered on audit.audit_checks for select to crypto_beacon_app
    using ((select platform.is_admin()));
create policy audit_checks_of_jobs on audit.audit_checks to crypto_beacon_worker using (true) with check (true);

grant select, insert on audit.audit_outbox to crypto_beacon_app, crypto_beacon_worker;
grant select, insert, delete on audit.audit_outbox to crypto_beacon_auth;
grant select on audit.audit_entries to crypto_beacon_app, crypto_beacon_worker;
grant select, insert on audit.audit_entries to crypto_beacon_auth;
grant select on audit.audit_checks to crypto_beacon_app;
grant select, insert on audit.audit_checks to crypto_beacon_worker;

create function audit.refuse_change() returns trigger
    language plpgsql
as $$
begin
    raise insufficient_privilege using message = format('%s is append-only', tg_table_name);
end;
$$;

create trigger audit_entries_append_only before update or delete on audit.audit_entries
    for each row execute function audit.refuse_change();
create trigger audit_checks_append_only before update or delete on audit.audit_checks
    for each row execute function audit.refuse_change();
create trigger audit_checks_not_emptied before truncate on audit.audit_checks
    for each statement execute function audit.refuse_change();

-- Emptying a table asks its own trigger alone, not its parent's.
do $$
declare
    emptied regclass;
begin
    for emptied in
        select 'audit.audit_entries'::regclass
        union all
        select inhrelid::regclass from pg_inherits where inhparent = 'audit.audit_entries'::regclass
    loop
        execute format(
            'create trigger audit_entries_not_emptied before truncate on %s for each statement execute function audit.refuse_change()',
            emptied);
    end loop;
end;
$$;


-- The canonical form, form 1: the UTF-8 bytes of a jsonb array as PostgreSQL prints it (", " and ": " between, an object's keys by length, then
-- bytewise), times in UTC to the microsecond, addresses without their mask, hashes in lower-case hexadecimal. The hash is over what is
-- stored, be it clear or encrypted. A later form starts with another number.
create function audit.entry_hash(entry audit.audit_entries) returns bytea
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

-- What the first entry follows.
create function audit.genesis() returns bytea
    language sql immutable parallel safe
    return decode(repeat('00', 32), 'hex');

-- Moves up to p_limit rows of the outbox, the oldest first, to the end of the chain; both halves commit together. 0 when there are none, or somebody
-- else is at it. The outbox is read after the lock is taken, so its snapshot sees all that the last holder has left.
create function audit.append_entries(p_limit integer) returns integer
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

-- Up to p_limit entries that follow p_after, whose hash is p_hash (0 and genesis at the start): how many, the first that is not what was written
-- or is missing, and where to go on from.
create function audit.verify_entries(p_after bigint, p_hash bytea, p_limit integer)
    returns table (entries bigint, first_broken bigint, last_sequence bigint, last_hash bytea)
    language sql stable
as $$
    with part as (
        select e.* from audit.audit_entries e where e.sequence > p_after order by e.sequence limit p_limit
    ),
    linked as (
        select part.sequence, part.hash,
            lag(part.sequence, 1, p_after) over in_order + 1 as expected,
            part.previous_hash = lag(part.hash, 1, p_hash) over in_order and part.hash = audit.entry_hash(part) as is_whole
        from part
        window in_order as (order by part.sequence)
    )
    select count(*),
        least(
            min(expected) filter (where sequence <> expected),
            min(sequence) filter (where not is_whole),
            (select min(c.sequence) from audit.audit_checks c join linked l on l.sequence = c.sequence and l.hash <> c.hash
                where c.first_broken is null)),
        max(sequence),
        (array_agg(hash order by sequence desc))[1]
    from linked
$$;


-- What is called so is never written down, wherever it comes from: AuditedChanges has the same list.
create function audit.is_secret(name text) returns boolean
    language sql immutable parallel safe
    return name ~* '(password|secret|token|hash|fingerprint|api_?key|recovery|totp|otp|code$)';

-- In PL/pgSQL, which keeps the plan: each trade that is recorded waits for it.
create function audit.without_secrets(state jsonb) returns jsonb
    language plpgsql immutable parallel safe
as $$
begin
    return coalesce(
        (
            select jsonb_object_agg(key, case when audit.is_secret(key) then '"redacted"' else value end)
            from jsonb_each(state)
            where value <> 'null'
        ),
        '{}');
end;
$$;

-- {"before":{…},"after":{…}} of what differs, null where there was or is nothing; NULL when nothing differs.
create function audit.changes(before jsonb, after jsonb) returns jsonb
    language plpgsql immutable parallel safe
as $$
begin
    return case
        when before is null then jsonb_build_object('before', null, 'after', audit.without_secrets(after))
        when after is null then jsonb_build_object('before', audit.without_secrets(before), 'after', null)
        else (
            select jsonb_build_object(
                'before', jsonb_object_agg(key, case when audit.is_secret(key) and b.value <> 'null' then '"redacted"' else b.value end),
                'after', jsonb_object_agg(key, case when audit.is_secret(key) and a.value <> 'null' then '"redacted"' else a.value end))
            from jsonb_each(before) b
            full join jsonb_each(after) a using (key)
            where b.value is distinct from a.value
            having count(*) > 0)
    end;
end;
$$;

-- A row by the contract's names and in its forms.
create function audit.as_shown(shown_row jsonb, shown_table regclass) returns jsonb
    language sql stable
as $$
    select case when shown_row is not null then coalesce(jsonb_object_agg(
        (
            select string_agg(case when position = 1 then word else initcap(word) end, '' order by position)
            from string_to_table(key, '_') with ordinality as words (word, position)
        ),
        case
            when value = 'null' then value
            when a.atttypid = 'numeric'::regtype then to_jsonb(trim_scale((value #>> '{}')::numeric)::text)
            when a.atttypid = 'timestamptz'::regtype
            then to_jsonb(to_char((value #>> '{}')::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
            else value
        end), '{}') end
    from jsonb_each(shown_row)
    join pg_attribute a on a.attrelid = shown_table and a.attname = key
$$;

-- The trigger of tables that SQL changes. Arguments: the columns of the id, the column of the owner, the columns that don't matter.
-- Where nobody is signed in, whoever registers, signs in or follows a mailed link acts upon themselves; what the owner's login does is
-- nobody's.
create function audit.record_change() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    before jsonb := to_jsonb(old);
    after jsonb := to_jsonb(new);
    present jsonb := coalesce(after, before);
    left_out text[] := string_to_array(concat_ws(',', tg_argv[0], tg_argv[1], tg_argv[2]), ',');
    changes jsonb := audit.changes(audit.as_shown(before - left_out, tg_relid), audit.as_shown(after - left_out, tg_relid));
    owner_id uuid := (present ->> tg_argv[1])::uuid;
begin
    if changes is not null then
        insert into audit.audit_outbox (actor_id, user_id, entity, entity_id, action, changes)
        values (
            coalesce(platform.current_user_id(), case when session_user = 'crypto_beacon_app' then owner_id end),
            owner_id,
            tg_table_name,
            (select string_agg(present ->> id, '/' order by position) from string_to_table(tg_argv[0], ',') with ordinality as ids (id, position)),
            case tg_op when 'INSERT' then 'created' when 'UPDATE' then 'changed' else 'deleted' end,
            changes);
    end if;
    return null;
end;
$$;

create trigger users_audited after insert or update or delete on identity.users
    for each row execute function audit.record_change('id', 'id', 'created_at,updated_at,last_login,is_system');
create trigger sessions_opened after insert on identity.sessions
    for each row execute function audit.record_change('id', 'user_id', 'created_at,last_used_at,ip_address,user_agent');
create trigger sessions_ended after update of revoked_at on identity.sessions
    for each row when (new.revoked_at is distinct from old.revoked_at)
    execute function audit.record_change('id', 'user_id', 'last_used_at,expires_at,ip_address,user_agent');
create trigger mfa_methods_audited after insert or update or delete on identity.mfa_methods
    for each row execute function audit.record_change('user_id', 'user_id', 'created_at,last_step');
-- One that goes was used, or lost its method.
create trigger recovery_codes_audited after insert or delete on identity.recovery_codes
    for each row execute function audit.record_change('user_id', 'user_id', 'code_hash');
create trigger personal_access_tokens_audited after insert or update or delete on identity.personal_access_tokens
    for each row execute function audit.record_change('id', 'user_id', 'created_at,last_used_at');
create trigger opening_balances_audited after insert or update or delete on portfolios.opening_balances
    for each row execute function audit.record_change('portfolio_id,coin_id', 'user_id', 'created_at,updated_at');
create trigger trade_imports_audited after insert or delete on trading.trade_imports
    for each row execute function audit.record_change('id', 'user_id', 'created_at,file_hash');

-- What administrators do to the market's data.
create trigger coins_audited after insert or update or delete on api_integration.coins
    for each row execute function audit.record_change('coin_id', '', '');
create trigger price_batches_posted after insert on api_integration.price_batches
    for each row when (new.provider = 'admin')
    execute function audit.record_change('id', '', 'received_at,evaluated_at');

-- For what leaves no row of its own.
create function audit.record(entity text, entity_id text, action text, before jsonb, after jsonb) returns void
    language sql volatile
as $$
    insert into audit.audit_outbox (entity, entity_id, action, changes)
    values (record.entity, record.entity_id, record.action, audit.changes(record.before, record.after))
$$;

-- Every change of a trade leaves a version in its history, however many at once.
create function audit.record_trades() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into audit.audit_outbox (user_id, entity, entity_id, action, changes)
    select v.user_id, 'trades', v.trade_id::text, case v.change when 'amended' then 'changed' else v.change end, differing.changes
    from versions v
    cross join lateral audit.changes(v.before - 'id', v.after - 'id') differing (changes)
    where differing.changes is not null
    order by v.id;
    return null;
end;
$$;

create trigger trade_history_audited after insert on trading.trade_history
    referencing new table as versions for each statement execute function audit.record_trades();

grant create on schema audit to crypto_beacon_auth;
do $$
declare
    definer regprocedure;
begin
    for definer in
        select p.oid from pg_proc p where p.prosecdef and p.pronamespace = 'audit'::regnamespace
    loop
        execute format('revoke all on function %s from public', definer);
        execute format('alter function %s owner to crypto_beacon_auth', definer);
    end loop;
end;
$$;
revoke create on schema audit from crypto_beacon_auth;

grant execute on function audit.append_entries(integer) to crypto_beacon_worker;
