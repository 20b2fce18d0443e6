-- Second factors are lost: their users sign in with a password alone.

drop function identity.sealed_samples();
drop function identity.spend_mfa(bytea);
drop function identity.attempt_mfa(bytea, timestamptz, integer);
drop function identity.begin_mfa(bytea, uuid, text, text, timestamptz, timestamptz);
drop trigger users_password_changed on identity.users;
drop function identity.drop_one_time_tokens();
drop table identity.one_time_tokens;
drop table identity.recovery_codes;
drop table identity.mfa_methods;
drop function identity.show_mfa();
alter table identity.users drop column mfa_enabled;
