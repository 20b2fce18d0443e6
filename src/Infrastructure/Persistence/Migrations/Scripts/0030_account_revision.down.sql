drop trigger users_audited on identity.users;
create trigger users_audited after insert or update or delete on identity.users
    for each row execute function audit.record_change('id', 'id', 'created_at,updated_at,last_login,is_system');

drop trigger users_revised on identity.users;
drop function identity.revise_user();
alter table identity.users drop column revision;
