-- Until it is written down, the first version of an imported trade is the trade itself: an import need not wait for its 100,000 versions and their entries in the
-- trail, which a job writes when it has committed, or a change of the trade before that.

alter table trading.trade_imports add column imported_at timestamptz default now();
-- The owner sees whoever's rows only while row-level security is not forced upon it.
alter table trading.trade_imports no force row level security;
update trading.trade_imports set imported_at = case when status = 'succeeded' then created_at end;
alter table trading.trade_imports force row level security;
alter table trading.trade_imports
    add constraint trade_imports_imported_at_check check (platform.not_in_future(imported_at)),
    add constraint trade_imports_succeeded_check check ((status = 'succeeded') = (imported_at is not null));

-- Whoever is about to amend or delete imported trades calls it first; without it their next version is refused, since nothing was before it.
create function trading.keep_first_versions(p_trade_ids uuid[]) returns void
    language sql volatile
as $$
    insert into trading.trade_history (trade_id, user_id, portfolio_id, version, changed_at, change, after)
    select t.id, t.user_id, t.portfolio_id, 1, i.imported_at, 'created', trading.trade_as_shown(t)
    from trading.trades t
    join trading.trade_imports i on i.id = t.import_id
    where t.id = any(p_trade_ids) and not exists (select from trading.trade_history h where h.trade_id = t.id)
    order by t.id
    on conflict (trade_id, version) do nothing
$$;

create or replace function trading.earliest_change_since(p_portfolio_id uuid, p_since timestamptz) returns timestamptz
    language sql stable parallel safe
as $$
    select least(
        (
            select min(least((h.before ->> 'timestamp')::timestamptz, (h.after ->> 'timestamp')::timestamptz))
            from trading.trade_history h
            where h.user_id = platform.current_user_id() and h.portfolio_id = p_portfolio_id and h.changed_at >= p_since
        ),
        (
            select min(t."timestamp")
            from trading.trade_imports i
            join trading.trades t on t.import_id = i.id
            where i.user_id = platform.current_user_id() and i.portfolio_id = p_portfolio_id and i.imported_at >= p_since
        ))
$$;

-- One that has waited says what it has brought when it has.
create trigger trade_imports_succeeded after update on trading.trade_imports
    for each row when (new.status = 'succeeded' and old.status <> 'succeeded')
    execute function audit.record_change('id', 'user_id', 'created_at,imported_at,options,encoding,status,progress,report,problem');

drop trigger trade_imports_audited on trading.trade_imports;
create trigger trade_imports_audited after insert or delete on trading.trade_imports
    for each row execute function audit.record_change('id', 'user_id', 'created_at,imported_at,options,encoding,status,progress,report,problem');
