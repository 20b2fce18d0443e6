-- Mails that wait and tokens that are on their way are lost.

drop trigger users_deactivated on identity.users;
create or replace function identity.drop_one_time_tokens() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    delete from identity.one_time_tokens t where t.user_id = new.id;
    return null;
end;
$$;

drop function identity.meet_device(uuid, bytea, timestamptz);
drop function identity.reset_password(bytea, text, timestamptz);
drop function identity.find_password_reset(bytea, timestamptz);
drop function identity.confirm_email(uuid, bytea, timestamptz);
drop function identity.open_mail(uuid, bytea, timestamptz);
drop function identity.write_mail(uuid, uuid, text, timestamptz, text, uuid);
drop table identity.known_devices;
drop table identity.mails;
drop function identity.request_mail_job();

revoke insert on platform.outbox from crypto_beacon_auth;
drop policy outbox_filled_by_functions on platform.outbox;
drop function platform.request_job(text, text);

revoke update (email, email_verified) on identity.users from crypto_beacon_auth;
delete from identity.one_time_tokens where purpose <> 'mfa';
alter table identity.one_time_tokens
    drop constraint one_time_tokens_email_check,
    drop constraint one_time_tokens_purpose_check,
    drop column email,
    add constraint one_time_tokens_purpose_check check (purpose in ('mfa'));
