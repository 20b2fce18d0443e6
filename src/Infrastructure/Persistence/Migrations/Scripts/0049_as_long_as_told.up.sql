-- Whom a provider told to wait thirty seconds waited for the end of the window all the same.
create or replace function api_integration.take_weight(p_provider uuid, p_weight integer, p_window interval, p_limit integer)
    returns table (is_granted boolean, retry_at timestamptz)
    language sql volatile rows 1
as $$
    with present as (
        select now() as at, date_bin(p_window, now(), '1970-01-01T00:00:00Z') as starts
    ), taken as (
        insert into api_integration.rate_limit_buckets as bucket (provider_id, window_start, used)
        select p_provider, starts, p_weight from present
        on conflict (provider_id) do update
            set used = case when bucket.window_start = excluded.window_start then bucket.used else 0 end + p_weight,
                window_start = excluded.window_start
            where coalesce(bucket.blocked_until <= now(), true)
                and (bucket.window_start <> excluded.window_start or bucket.used = 0 or bucket.used + p_weight <= p_limit)
        returning provider_id
    )
    select exists (select from taken),
        case
            -- The budget has room: only the block is in the way.
            when bucket.blocked_until > present.at
                and (bucket.window_start <> present.starts or bucket.used = 0 or bucket.used + p_weight <= p_limit) then bucket.blocked_until
            else greatest(present.starts + p_window, bucket.blocked_until)
        end
    from present
    left join api_integration.rate_limit_buckets bucket on bucket.provider_id = p_provider
$$;
