-- revision: the version of what owner and administrators may write; signing in, which moves xmin, doesn't change it.
alter table identity.users add column revision bigint not null default 1;
grant select (revision) on identity.users to crypto_beacon_app;

create function identity.revise_user() returns trigger
    language plpgsql
as $$
begin
    new.revision := old.revision + 1;
    return new;
end;
$$;

create trigger users_revised before update on identity.users
    for each row when (
        (new.email, new.display_name, new.preferences, new.role, new.is_active)
            is distinct from (old.email, old.display_name, old.preferences, old.role, old.is_active))
    execute function identity.revise_user();

-- The trail tells what was changed, not how often.
drop trigger users_audited on identity.users;
create trigger users_audited after insert or update or delete on identity.users
    for each row execute function audit.record_change('id', 'id', 'created_at,updated_at,last_login,is_system,revision');
