namespace CryptoBeacon.Alerts.Evaluation;

/// <summary>The alerts that the batch can change. Each waits in a range of a partial index, so the cost follows what happens and not what sleeps.</summary>
/// <remarks><c>candidate</c>: one alert, locked, as it is once it is.</remarks>
internal static class Candidates
{
    public const string Sql = """
        concerned as materialized (
            select alert.id, span.newest
            from span
            cross join lateral (
                select id from alerts.alerts
                where is_active and (condition in ('above', 'crosses_above') and is_met is not true or condition in ('below', 'crosses_below') and is_met)
                    and coin_id = span.coin_id and currency = span.currency and price <= span.high
                union all
                select id from alerts.alerts
                where is_active and (condition in ('below', 'crosses_below') and is_met is not true or condition in ('above', 'crosses_above') and is_met)
                    and coin_id = span.coin_id and currency = span.currency and price >= span.low
                union all
                -- An edge learns from its first price on which side it is.
                select id from alerts.alerts
                where is_active and condition in ('crosses_above', 'crosses_below') and is_met is null
                    and coin_id = span.coin_id and currency = span.currency
                union all
                select id from alerts.alerts
                where is_active and coin_id = span.coin_id and currency = span.currency and expires_at <= span.newest
            ) alert
            union
            select alert.id, swing.newest
            from swing
            cross join lateral (
                select id from alerts.alerts
                where is_active and condition in ('percent_up', 'percent_down') and is_met is not true
                    and coin_id = swing.coin_id and currency = swing.currency and window_seconds = swing.window_seconds
                    and condition = 'percent_up' and price <= swing.highest_rise + 0.000001
                union all
                select id from alerts.alerts
                where is_active and condition in ('percent_up', 'percent_down') and is_met is not true
                    and coin_id = swing.coin_id and currency = swing.currency and window_seconds = swing.window_seconds
                    and condition = 'percent_down' and price <= swing.highest_fall + 0.000001
                union all
                select id from alerts.alerts
                where is_active and condition in ('percent_up', 'percent_down') and is_met
                    and coin_id = swing.coin_id and currency = swing.currency and window_seconds = swing.window_seconds
                    and condition = 'percent_up' and price >= swing.lowest_rise - 0.000001
                union all
                select id from alerts.alerts
                where is_active and condition in ('percent_up', 'percent_down') and is_met
                    and coin_id = swing.coin_id and currency = swing.currency and window_seconds = swing.window_seconds
                    and condition = 'percent_down' and price >= swing.lowest_fall - 0.000001
            ) alert
            order by id
        ),
        -- Locked, and seen as they are once they are: an owner who was faster has paused one or armed it after this batch.
        candidate as materialized (
            select alert.*, coalesce(alert.expires_at <= concerned.newest, false) as has_expired
            from concerned
            cross join lateral (
                select id, user_id, coin_id, currency, condition, price, window_seconds, expires_at, is_met, repeat, last_fired_at, fired_lately,
                    notification_channels,
                    condition in ('above', 'crosses_above', 'percent_up') as is_upward,
                    condition in ('crosses_above', 'crosses_below') as is_edge,
                    hysteresis_percent,
                    make_interval(secs => cooldown_seconds) as cooldown
                from alerts.alerts
                where id = concerned.id and is_active and armed_after < @sequence
                for update
            ) alert
        )
        """;
}
