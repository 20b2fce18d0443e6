namespace CryptoBeacon.Alerts.Evaluation;

/// <summary>What the readings moved from: for each window that an alert looks back over, the lowest and highest price within it.</summary>
/// <remarks><c>movement</c>: one reading beside the extremes of one window. <c>swing</c>: the largest and smallest of a pair's movements, in percent.</remarks>
internal static class Movements
{
    public const string Sql = """
        -- The windows over which the movement alerts of these pairs look back, by skipping through the index as well.
        looked_back (coin_id, currency, window_seconds) as (
            select span.coin_id, span.currency,
                (
                    select min(alert.window_seconds)
                    from alerts.alerts alert
                    where alert.is_active and alert.condition in ('percent_up', 'percent_down')
                        and alert.coin_id = span.coin_id and alert.currency = span.currency
                )
            from span
            union all
            select looked_back.coin_id, looked_back.currency,
                (
                    select min(alert.window_seconds)
                    from alerts.alerts alert
                    where alert.is_active and alert.condition in ('percent_up', 'percent_down')
                        and alert.coin_id = looked_back.coin_id and alert.currency = looked_back.currency
                        and alert.window_seconds > looked_back.window_seconds
                )
            from looked_back
            where looked_back.window_seconds is not null
        ),
        -- What each price moves from: the lowest and the highest within the window, itself included.
        movement as materialized (
            select reading.position, reading.coin_id, reading.currency, looked_back.window_seconds, reading.price, reading.as_of,
                least(own.low, past.low) as low, greatest(own.high, past.high) as high
            from looked_back
            join reading using (coin_id, currency)
            cross join lateral (select reading.as_of - make_interval(secs => looked_back.window_seconds) as starts) time_window
            cross join lateral (
                select min(earlier.price) as low, max(earlier.price) as high
                from reading earlier
                where earlier.coin_id = reading.coin_id and earlier.currency = reading.currency
                    and earlier.position <= reading.position and earlier.as_of >= time_window.starts
            ) own
            cross join lateral (
                select min(worth.price) as low, max(worth.price) as high
                from api_integration.ticks_before(@sequence, reading.coin_id, reading.quoted_in, time_window.starts) tick
                left join lateral api_integration.pair_at(
                    api_integration.coin_of_currency(reading.quoted_in), reading.currency, tick.as_of) pair on reading.quoted_in <> reading.currency
                cross join lateral (
                    select case
                        when reading.quoted_in = reading.currency then tick.price
                        else platform.quotient(tick.price * pair.numerator, pair.denominator)
                    end as price
                ) worth
            ) past
            where looked_back.window_seconds is not null
        ),
        -- In percent, to eight decimals at least: what it is rounded by is allowed for where it is compared.
        swing as materialized (
            select coin_id, currency, window_seconds, max(as_of) as newest,
                max(rise) as highest_rise, min(rise) as lowest_rise, max(fall) as highest_fall, min(fall) as lowest_fall
            from (
                select *,
                    coalesce(price * 100.00000000 / nullif(low, 0) - 100, 0) as rise,
                    coalesce(100 - price * 100.00000000 / nullif(high, 0), 0) as fall
                from movement
            ) moved
            group by coin_id, currency, window_seconds
        )
        """;
}
