-- A provider finds its connector by its name whatever its case, so that no two may differ in that alone; where they do, the older one keeps it.
alter table api_integration.api_providers no force row level security;
update api_integration.api_providers later
set name = left(later.name, 60) || ' ' || later.id
where exists (
    select from api_integration.api_providers earlier
    where lower(earlier.name) = lower(later.name) and (earlier.created_at, earlier.id) < (later.created_at, later.id));
alter table api_integration.api_providers force row level security;

create unique index api_providers_name on api_integration.api_providers (lower(name));

-- What was learnt of a provider's host says nothing of another one, nor of one that was out of use: neither its errors nor its waits.
create policy provider_polls_forgotten on api_integration.provider_polls to crypto_beacon_auth using (true) with check (true);
create policy rate_limit_buckets_forgotten on api_integration.rate_limit_buckets to crypto_beacon_auth using (true) with check (true);
grant select (provider_id), delete on api_integration.provider_polls to crypto_beacon_auth;
grant select (provider_id), update (blocked_until) on api_integration.rate_limit_buckets to crypto_beacon_auth;

create function api_integration.forget_polls() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    delete from api_integration.provider_polls p where p.provider_id = new.id;
    update api_integration.rate_limit_buckets b set blocked_until = null where b.provider_id = new.id;
    return null;
end;
$$;

create trigger api_providers_polls_forgotten after update of base_url, is_active on api_integration.api_providers
    for each row when ((old.base_url, old.is_active) is distinct from (new.base_url, new.is_active))
    execute function api_integration.forget_polls();

revoke all on function api_integration.forget_polls() from public;
grant create on schema api_integration to crypto_beacon_auth;
alter function api_integration.forget_polls() owner to crypto_beacon_auth;
revoke create on schema api_integration from crypto_beacon_auth;

-- A rate by way of a third coin is made of the very prices that are to be judged: a wrong one of bitcoin would have made every other coin's wrong. The pair
-- itself or its inverse says it, or nobody does.
create or replace function api_integration.wanted_markets(p_provider uuid)
    returns table (coin_id text, symbol text, currency text, rate numeric)
    language sql stable
as $$
    select distinct on (wanted.coin_id) wanted.coin_id, listing.symbol, priced.currency,
        case
            when priced.currency = 'USD' then 1
            else (
                select platform.quotient(pair.numerator, pair.denominator)
                from api_integration.pair_at(priced.coin, 'USD', now()) pair
                where platform.quotient(pair.numerator, pair.denominator) > 0)
        end
    from api_integration.wanted_coins() wanted
    left join lateral (
        select s.symbol from api_integration.coin_symbols() s where s.coin_ids = array[wanted.coin_id]
    ) named on true
    join api_integration.listings listing
        on listing.provider_id = p_provider and (listing.coin_id = wanted.coin_id or (listing.coin_id is null and listing.asset = named.symbol))
    join (values ('USD', 'usd', 1), ('USDT', 'tether', 2), ('USDC', 'usd-coin', 3)) priced (currency, coin, position)
        on priced.currency = coalesce(listing.currency, 'USD') and priced.coin <> wanted.coin_id
    order by wanted.coin_id, priced.position, listing.symbol
$$;

-- Who reads the account at present, and when that one was last alive: two that read at once would spend the exchange's budget twice.
alter table api_integration.sync_runs
    add column worker uuid,
    add column worker_seen_at timestamptz,
    add constraint sync_runs_worker_check check ((worker is null) = (worker_seen_at is null));
