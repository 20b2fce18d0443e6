drop table audit.audit_verifications;

drop trigger mfa_methods_audited on identity.mfa_methods;
create trigger mfa_methods_audited after insert or update or delete on identity.mfa_methods
    for each row execute function audit.record_change('user_id', 'user_id', 'created_at,last_step');

create function identity.sealed_samples() returns table (user_id uuid, secret bytea)
    language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
    select distinct on (substring(m.secret from 2 for 1 + get_byte(m.secret, 1))) m.user_id, m.secret from identity.mfa_methods m;
$$;
grant create on schema identity to crypto_beacon_auth;
revoke all on function identity.sealed_samples() from public;
alter function identity.sealed_samples() owner to crypto_beacon_auth;
revoke create on schema identity from crypto_beacon_auth;
grant execute on function identity.sealed_samples() to current_user;

drop policy notification_channels_rewrapped on identity.notification_channels;
drop policy mfa_methods_rewrapped on identity.mfa_methods;
