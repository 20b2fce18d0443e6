namespace CryptoBeacon.Alerts.Evaluation;

/// <summary>What each reading says to each candidate, one after the other, and which of them fires: conditions, hysteresis, cooldown, <c>once</c>, storm brake.</summary>
/// <remarks><c>judged</c>: one change of a candidate's answer. <see cref="Domain.AlertWatch"/> holds the same rules for one alert.</remarks>
internal static class Verdicts
{
    public const string Sql = """
        -- What each price says: met, not met any more, or (NULL) nothing, being past the target on the way back but not far enough.
        verdict as (
            select candidate.*, reading.position, reading.price as price_at_trigger, reading.provider, reading.as_of, reading.route, reading.oldest_rate_at,
                case
                    when target.price is null then false
                    when is_upward and reading.price >= target.price then true
                    when not is_upward and reading.price <= target.price then true
                    when is_upward and reading.price * 100 <= target.price * (100 - hysteresis_percent) then false
                    when not is_upward and reading.price * 100 >= target.price * (100 + hysteresis_percent) then false
                    when is_met is null and row_number() over (partition by candidate.id order by reading.position) = 1 then false
                end as says_met
            from candidate
            join reading on reading.coin_id = candidate.coin_id and reading.currency = candidate.currency
            left join movement on movement.coin_id = candidate.coin_id and movement.currency = candidate.currency
                and movement.window_seconds = candidate.window_seconds and movement.position = reading.position
            -- A movement's target moves; from nothing there is none.
            cross join lateral (
                select case condition
                    when 'percent_up' then nullif(movement.low, 0) * (100 + candidate.price) * 0.01
                    when 'percent_down' then nullif(movement.high, 0) * (100 - candidate.price) * 0.01
                    else candidate.price
                end as price
            ) target
            where candidate.expires_at is null or reading.as_of < candidate.expires_at
        ),
        change as (
            select *, says_met and (was_met is false or was_met is null and not is_edge) as is_crossing
            from (
                select *, lag(says_met, 1, is_met) over (partition by id order by position) as was_met
                from verdict
                where says_met is not null
            ) said
            where says_met is distinct from was_met
        ),
        spaced as (
            select *,
                count(*) filter (where is_crossing) over so_far as crossings,
                -- Where there is no cooldown nobody asks.
                alerts.last_spaced(as_of, last_fired_at, cooldown) filter (where is_crossing and cooldown > interval '0') over so_far as last_taken
            from change
            window so_far as (partition by id order by position)
        ),
        due as (
            select *,
                is_crossing and case
                    when repeat = 'once' then crossings = 1
                    when cooldown = interval '0' then true
                    else last_taken is distinct from coalesce(lag(last_taken) over (partition by id order by position), last_fired_at)
                end as is_due
            from spaced
        ),
        -- Storm brake: whether one is the fifteenth within three minutes, the fourteen before it being in this batch or among those of before.
        braked as (
            select *,
                is_due and as_of - coalesce(
                    lag(as_of, 14) over (partition by id, is_due order by position),
                    fired_lately[cardinality(fired_lately) - 14 + count(*) filter (where is_due) over (partition by id order by position)]
                ) < interval '3 minutes' as is_too_many
            from due
        ),
        judged as materialized (
            -- By name: what nobody reads below need not be carried through all these windows.
            select id, user_id, position, price_at_trigger, currency, provider, as_of, route, oldest_rate_at, notification_channels, repeat, says_met,
                is_too_many,
                is_due and not coalesce(
                    bool_or(is_too_many) over (partition by id order by position rows between unbounded preceding and 1 preceding), false
                ) as fires
            from braked
        )
        """;
}
