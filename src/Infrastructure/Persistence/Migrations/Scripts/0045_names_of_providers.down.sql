alter table api_integration.sync_runs drop column worker, drop column worker_seen_at;
drop trigger api_providers_polls_forgotten on api_integration.api_providers;
drop function api_integration.forget_polls();
revoke all (provider_id) on api_integration.provider_polls from crypto_beacon_auth;
revoke all on api_integration.provider_polls from crypto_beacon_auth;
revoke all (provider_id, blocked_until) on api_integration.rate_limit_buckets from crypto_beacon_auth;
drop policy provider_polls_forgotten on api_integration.provider_polls;
drop policy rate_limit_buckets_forgotten on api_integration.rate_limit_buckets;
drop index api_integration.api_providers_name;

create or replace function api_integration.wanted_markets(p_provider uuid)
    returns table (coin_id text, symbol text, currency text, rate numeric)
    language sql stable
as $$
    select distinct on (wanted.coin_id) wanted.coin_id, listing.symbol, priced.currency,
        case when priced.currency = 'USD' then 1 else (select r.price from api_integration.rate_at(priced.coin, 'USD', now()) r) end
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
