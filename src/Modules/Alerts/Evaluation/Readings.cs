namespace CryptoBeacon.Alerts.Evaluation;

/// <summary>What a batch says, in every currency that somebody asks for: each price as it was quoted, and worked out where nobody quotes it.</summary>
/// <remarks><c>reading</c>: one price of one pair, in the batch's order. <c>span</c>: what lies between a pair's readings.</remarks>
internal static class Readings
{
    public const string Sql = """
        tick as materialized (
            select position, coin_id, currency, price, as_of, provider
            from unnest(@coins, @currencies, @prices, @times, @providers)
                with ordinality as ticks (coin_id, currency, price, as_of, provider, position)
        ),
        -- The currencies in which the batch's coins have alerts and may have no price: dollars, where there is none in them; others by skipping through
        -- their index, which most installations have next to nothing in, from one to the next.
        coin as materialized (
            select coin_id, max(as_of) as newest, bool_or(currency = 'USD') as is_quoted_in_usd
            from tick
            group by coin_id
        ),
        elsewhere (coin_id, currency) as (
            select coin.coin_id,
                (
                    select min(alert.currency)
                    from alerts.alerts alert
                    where alert.is_active and alert.currency <> 'USD' and alert.coin_id = coin.coin_id
                )
            from coin
            union all
            select elsewhere.coin_id,
                (
                    select min(alert.currency)
                    from alerts.alerts alert
                    where alert.is_active and alert.currency <> 'USD' and alert.coin_id = elsewhere.coin_id
                        and alert.currency > elsewhere.currency
                )
            from elsewhere
            where elsewhere.currency is not null
        ),
        asked as (
            select coin_id, currency
            from elsewhere
            where currency is not null
            union all
            select coin_id, 'USD'
            from coin
            where not is_quoted_in_usd
                and exists (select from alerts.alerts alert where alert.is_active and alert.currency = 'USD' and alert.coin_id = coin.coin_id)
        ),
        -- Those that nobody quotes: a rate of several stored pairs, of which the batch may bring the first.
        unquoted as materialized (
            select asked.coin_id, asked.currency, rate.route[1] as first_pair, rate.route
            from asked
            join coin using (coin_id)
            cross join lateral api_integration.rate_at(asked.coin_id, asked.currency, coin.newest) rate
            where not exists (select from tick where tick.coin_id = asked.coin_id and tick.currency = asked.currency)
                and cardinality(rate.route) > 1
        ),
        reading as materialized (
            select *, array[coin_id || '/' || currency] as route, as_of as oldest_rate_at, currency as quoted_in
            from tick
            union all
            select tick.position, tick.coin_id, unquoted.currency, platform.quotient(tick.price * pair.numerator, pair.denominator), tick.as_of,
                tick.provider, unquoted.route, least(tick.as_of, pair.as_of), tick.currency
            from unquoted
            join tick on tick.coin_id = unquoted.coin_id and tick.coin_id || '/' || tick.currency = unquoted.first_pair
            -- The pair itself and not its rate, which is rounded already.
            cross join lateral api_integration.pair_at(
                api_integration.coin_of_currency(tick.currency), unquoted.currency, tick.as_of) pair
            where platform.quotient(tick.price * pair.numerator, pair.denominator) is not null
        ),
        span as materialized (
            select coin_id, currency, min(price) as low, max(price) as high, max(as_of) as newest
            from reading
            group by coin_id, currency
        )
        """;
}
