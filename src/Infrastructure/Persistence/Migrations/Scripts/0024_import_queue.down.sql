revoke select on trading.trade_imports from crypto_beacon_worker;
drop policy trade_imports_of_jobs on trading.trade_imports;
drop table trading.deleted_rows;
drop table trading.import_chunks;

-- What has not succeeded has brought nothing.
alter table trading.trade_imports no force row level security, disable trigger trade_imports_audited;
delete from trading.trade_imports where status <> 'succeeded';
alter table trading.trade_imports force row level security, enable trigger trade_imports_audited;

alter table trading.trade_imports
    drop constraint trade_imports_encoding_check,
    drop constraint trade_imports_progress_check,
    drop constraint trade_imports_status_check,
    drop column problem,
    drop column report,
    drop column encoding,
    drop column options,
    drop column progress,
    drop column status;

drop trigger trade_imports_audited on trading.trade_imports;
create trigger trade_imports_audited after insert or delete on trading.trade_imports
    for each row execute function audit.record_change('id', 'user_id', 'created_at,file_hash');
