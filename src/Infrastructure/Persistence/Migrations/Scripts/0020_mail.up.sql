-- Mail: what is to be written to whom, and the tokens that come back.

-- A row is a mail that was asked for in the transaction of what it tells; it goes when the mail is sent. Who asks for a new password is not known
-- yet: user_id is NULL until the mail is opened, so that asking costs the same whether there is such an account or not.
create table identity.mails (
    id uuid constraint mails_pkey primary key,
    user_id uuid,
    kind text not null,
    -- Where to; NULL: to the account's own address. For a new password: what was asked with, which is looked up and never written to.
    address text,
    session_id uuid,
    created_at timestamptz not null default now(),

    constraint mails_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint mails_session_id_fkey foreign key (session_id, user_id) references identity.sessions (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint mails_kind_check check (kind in (
        'verify_email', 'reset_password', 'change_email', 'email_change_requested', 'email_changed', 'password_changed',
        'mfa_enabled', 'mfa_disabled', 'new_device', 'token_created')),
    constraint mails_address_check check (char_length(address) between 1 and 254),
    constraint mails_recipient_check check (user_id is not null or kind = 'reset_password' and address is not null),
    constraint mails_times_check check (platform.not_in_future(created_at))
);

create index mails_user_id on identity.mails (user_id);
create index mails_created_at on identity.mails (created_at);

-- From what somebody signs in, by a keyed hash of the user agent and the kind of address.
create table identity.known_devices (
    user_id uuid not null,
    device_hash bytea not null,
    last_seen_at timestamptz not null,

    constraint known_devices_pkey primary key (user_id, device_hash),
    constraint known_devices_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint known_devices_times_check check (platform.not_in_future(last_seen_at))
);

-- email: where a mailed token went, which is the address that it speaks for.
alter table identity.one_time_tokens
    add column email text,
    drop constraint one_time_tokens_purpose_check,
    add constraint one_time_tokens_purpose_check check (purpose in ('mfa', 'verify_email', 'reset_password', 'change_email')),
    add constraint one_time_tokens_email_check check (char_length(email) <= 254 and (email is null) = (purpose = 'mfa'));

alter table identity.mails enable row level security, force row level security;
alter table identity.known_devices enable row level security, force row level security;

create policy mails_auth on identity.mails to crypto_beacon_auth using (true) with check (true);
create policy mails_sent on identity.mails to crypto_beacon_worker using (true) with check (false);
create policy known_devices_auth on identity.known_devices to crypto_beacon_auth using (true) with check (true);

grant select, insert, update, delete on identity.mails, identity.known_devices to crypto_beacon_auth;
grant select (id, created_at), delete on identity.mails to crypto_beacon_worker;
grant update (email, email_verified) on identity.users to crypto_beacon_auth;


-- A job is asked for by whoever changes what it is to follow from.
create function platform.request_job(name text, argument text) returns void
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    insert into platform.outbox (kind, payload)
    values ('job', jsonb_build_object('name', request_job.name, 'argument', request_job.argument));
$$;

create policy outbox_filled_by_functions on platform.outbox for insert to crypto_beacon_auth with check (true);
grant insert on platform.outbox to crypto_beacon_auth;

create function identity.request_mail_job() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform platform.request_job('identity.send_mail', new.id::text);
    return null;
end;
$$;

create trigger mails_requested after insert on identity.mails
    for each row execute function identity.request_mail_job();

-- p_id: NULL where this installation sends no mail.
create function identity.write_mail(p_id uuid, p_user_id uuid, p_kind text, p_now timestamptz, p_address text default null, p_session_id uuid default null)
    returns void
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    insert into identity.mails (id, user_id, kind, address, session_id, created_at)
    select p_id, p_user_id, p_kind, p_address, p_session_id, p_now where p_id is not null;
$$;

-- What the mail is about, for the job that sends it; and its token, which becomes good here and stays the same however often the job runs.
-- No row: sent already, or nobody's any more.
create function identity.open_mail(p_id uuid, p_token_hash bytea, p_now timestamptz)
    returns table (kind text, address text, happened_at timestamptz, expires_at timestamptz, ip_address text, user_agent text)
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    mail identity.mails;
    recipient identity.users;
    device identity.sessions;
    good_until timestamptz;
begin
    select m.* into mail from identity.mails m where m.id = p_id for update;
    select u.* into recipient
    from identity.users u
    where u.is_active and not u.is_system
        and case when mail.kind = 'reset_password' then lower(u.email) = lower(mail.address) else u.id = mail.user_id end;

    good_until := mail.created_at + case
        when mail.kind = 'reset_password' then interval '1 hour'
        when mail.kind in ('verify_email', 'change_email') then interval '3 days'
    end;
    if recipient.id is null or good_until <= p_now then
        delete from identity.mails m where m.id = p_id;
        return;
    end if;

    if mail.kind = 'reset_password' then
        update identity.mails m set user_id = recipient.id where m.id = p_id;
        mail.address := recipient.email;
    end if;
    mail.address := coalesce(mail.address, recipient.email);

    if good_until is not null then
        insert into identity.one_time_tokens (token_hash, user_id, purpose, email, created_at, expires_at)
        values (p_token_hash, recipient.id, mail.kind, mail.address, mail.created_at, good_until)
        on conflict (token_hash) do nothing;
    end if;

    select s.* into device from identity.sessions s where s.id = mail.session_id;
    return query select mail.kind, mail.address, mail.created_at, good_until, host(device.ip_address), device.user_agent;
end;
$$;

-- outcome: confirmed | taken, which is another account's address by now; no row: the token is not good.
-- left_address: from which the account has moved away.
create function identity.confirm_email(p_mail_id uuid, p_token_hash bytea, p_now timestamptz)
    returns table (outcome text, user_id uuid, left_address text)
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    token identity.one_time_tokens;
    owner identity.users;
begin
    delete from identity.one_time_tokens t
    using identity.users u
    where t.token_hash = p_token_hash and t.purpose in ('verify_email', 'change_email') and t.expires_at > p_now
        and u.id = t.user_id and u.is_active
    returning t.* into token;
    -- A mail that is sent once more must not bring the token back.
    delete from identity.mails m where m.id = p_mail_id and token.token_hash is not null;
    select u.* into owner from identity.users u where u.id = token.user_id for update;

    if token.token_hash is null or token.purpose = 'verify_email' and lower(owner.email) <> lower(token.email) then
        return;
    end if;

    if token.purpose = 'verify_email' then
        update identity.users u set email_verified = true, updated_at = p_now where u.id = owner.id and not u.email_verified;
        return query select 'confirmed', owner.id, null::text;
        return;
    end if;

    begin
        update identity.users u
        set email = token.email, email_verified = true, updated_at = p_now
        where u.id = owner.id;
    exception when unique_violation then
        return query select 'taken', owner.id, null::text;
        return;
    end;

    -- What was mailed to the old address, or was to be, speaks for it no more.
    delete from identity.one_time_tokens t where t.user_id = owner.id and t.purpose <> 'mfa';
    delete from identity.mails m where m.user_id = owner.id and m.kind in ('verify_email', 'reset_password', 'change_email');
    return query select 'confirmed', owner.id, owner.email;
end;
$$;

-- Whose password the token would change; NULL: it is not good.
create function identity.find_password_reset(p_token_hash bytea, p_now timestamptz) returns text
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select u.email
    from identity.one_time_tokens t
    join identity.users u on u.id = t.user_id and u.is_active
    where t.token_hash = p_token_hash and t.purpose = 'reset_password' and t.expires_at > p_now and lower(t.email) = lower(u.email);
$$;

-- Whose password was changed; NULL: the token is not good. Every session ends, and so do all tokens, by the trigger of the password. That the
-- mail arrived shows whose the address is.
create function identity.reset_password(p_token_hash bytea, p_new_hash text, p_now timestamptz) returns uuid
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    owner_id uuid;
begin
    delete from identity.one_time_tokens t
    using identity.users u
    where t.token_hash = p_token_hash and t.purpose = 'reset_password' and t.expires_at > p_now
        and u.id = t.user_id and u.is_active and lower(u.email) = lower(t.email)
    returning t.user_id into owner_id;
    if owner_id is null then
        return null;
    end if;

    update identity.users u
    set password_hash = p_new_hash, email_verified = true, updated_at = p_now
    where u.id = owner_id;
    update identity.sessions s set revoked_at = p_now where s.user_id = owner_id and s.revoked_at is null;
    return owner_id;
end;
$$;

-- true: the account has been signed in to before, and not from such a device in the last 90 days. Older ones are forgotten.
create function identity.meet_device(p_user_id uuid, p_device_hash bytea, p_now timestamptz) returns boolean
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    is_first boolean := not exists (select from identity.known_devices d where d.user_id = p_user_id);
begin
    delete from identity.known_devices d where d.user_id = p_user_id and d.last_seen_at < p_now - interval '90 days';
    update identity.known_devices d set last_seen_at = greatest(d.last_seen_at, p_now)
    where d.user_id = p_user_id and d.device_hash = p_device_hash;
    if found then
        return false;
    end if;

    insert into identity.known_devices (user_id, device_hash, last_seen_at) values (p_user_id, p_device_hash, p_now)
    on conflict do nothing;
    return found and not is_first;
end;
$$;

-- A token that a password was given for, or that gives a new one, is worth nothing once the password is another or the account is closed; a mail that
-- would bring one is not sent.
create or replace function identity.drop_one_time_tokens() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    delete from identity.one_time_tokens t where t.user_id = new.id and (t.purpose <> 'verify_email' or not new.is_active);
    delete from identity.mails m where m.user_id = new.id and (m.kind in ('reset_password', 'change_email') or not new.is_active);
    return null;
end;
$$;

create trigger users_deactivated after update of is_active on identity.users
    for each row when (old.is_active and not new.is_active)
    execute function identity.drop_one_time_tokens();

grant create on schema identity to crypto_beacon_auth;
do $$
declare
    definer regprocedure;
begin
    foreach definer in array array[
        'identity.request_mail_job()',
        'identity.write_mail(uuid, uuid, text, timestamptz, text, uuid)',
        'identity.open_mail(uuid, bytea, timestamptz)',
        'identity.confirm_email(uuid, bytea, timestamptz)',
        'identity.find_password_reset(bytea, timestamptz)',
        'identity.reset_password(bytea, text, timestamptz)',
        'identity.meet_device(uuid, bytea, timestamptz)']::regprocedure[]
    loop
        execute format('revoke all on function %s from public', definer);
        execute format('alter function %s owner to crypto_beacon_auth', definer);
    end loop;
end;
$$;
revoke create on schema identity from crypto_beacon_auth;

grant execute on function
    identity.write_mail(uuid, uuid, text, timestamptz, text, uuid),
    identity.confirm_email(uuid, bytea, timestamptz),
    identity.find_password_reset(bytea, timestamptz),
    identity.reset_password(bytea, text, timestamptz),
    identity.meet_device(uuid, bytea, timestamptz)
    to crypto_beacon_app;
grant execute on function identity.open_mail(uuid, bytea, timestamptz) to crypto_beacon_worker;
