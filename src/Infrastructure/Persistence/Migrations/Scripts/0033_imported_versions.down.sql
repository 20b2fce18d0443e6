-- Every imported trade has its first version written down again.
drop trigger trade_imports_succeeded on trading.trade_imports;
drop trigger trade_imports_audited on trading.trade_imports;
create trigger trade_imports_audited after insert or delete on trading.trade_imports
    for each row execute function audit.record_change('id', 'user_id', 'created_at,file_hash,options,encoding,status,progress,report,problem');

-- The owner sees whoever's rows only while row-level security is not forced upon it.
alter table trading.trades no force row level security;
alter table trading.trade_imports no force row level security;
alter table trading.trade_history no force row level security;
select trading.keep_first_versions(array(select id from trading.trades where import_id is not null));
set constraints all immediate;
alter table trading.trades force row level security;
alter table trading.trade_imports force row level security;
alter table trading.trade_history force row level security;

create or replace function trading.earliest_change_since(p_portfolio_id uuid, p_since timestamptz) returns timestamptz
    language sql stable parallel safe
as $$
    select min(least((h.before ->> 'timestamp')::timestamptz, (h.after ->> 'timestamp')::timestamptz))
    from trading.trade_history h
    where h.user_id = platform.current_user_id() and h.portfolio_id = p_portfolio_id and h.changed_at >= p_since
$$;

drop function trading.keep_first_versions(uuid[]);
alter table trading.trade_imports drop constraint trade_imports_succeeded_check, drop column imported_at;
