using CryptoBeacon.Application.Contracts.ApiIntegration;

namespace CryptoBeacon.Alerts.Features;

/// <summary>
/// Puts the oldest batch of prices that is not evaluated to all alerts that it concerns: what fires, what that says about the alerts, and the mark
/// on the batch become true together. Null: there was none.
/// </summary>
internal sealed record EvaluateNextBatch : ICommand<EvaluatedBatch?>;

/// <param name="Alerts">Those that it could change.</param>
internal sealed record EvaluatedBatch(int Prices, int Alerts, int Firings);

internal sealed class EvaluateNextBatchHandler(IPriceBatches batches, IWriteDatabase database)
    : IRequestHandler<EvaluateNextBatch, Result<EvaluatedBatch?>>
{
    private const string OneAtATime = "alerts.evaluate";

    public async Task<Result<EvaluatedBatch?>> Handle(EvaluateNextBatch request, CancellationToken cancellationToken)
    {
        // Over all servers: batches out of order would make crossings that never were.
        await database.LockAsync([OneAtATime], cancellationToken);
        var batch = await batches.NextUnevaluatedAsync(cancellationToken);
        if (batch is null)
        {
            return (EvaluatedBatch?)null;
        }

        var outcomes = await database.QueryAsync<Outcome>(
            Evaluate,
            new
            {
                sequence = batch.Sequence,
                coins = batch.Ticks.Select(tick => tick.CoinId).ToArray(),
                currencies = batch.Ticks.Select(tick => tick.Currency).ToArray(),
                prices = batch.Ticks.Select(tick => tick.Price).ToArray(),
                times = batch.Ticks.Select(tick => tick.AsOf).ToArray(),
                providers = batch.Ticks.Select(tick => tick.Provider).ToArray(),
            },
            cancellationToken
        );
        var (alerts, firings) = outcomes.Single();
        await batches.MarkEvaluatedAsync(batch.Sequence, alerts, cancellationToken);
        return new EvaluatedBatch(batch.Ticks.Count, alerts, firings);
    }

    private sealed record Outcome(int Alerts, int Firings);

    /// <summary>
    /// The alerts that a batch can change lie in ranges of the partial indexes, between its lowest and its highest price, so the cost follows
    /// what happens and not what sleeps.
    /// </summary>
    private const string Evaluate = """
        -- Compiling the statement takes longer than running it.
        set local jit = off;

        with recursive tick as materialized (
            select position, coin_id, currency, price, as_of, provider
            from unnest(@coins, @currencies, @prices, @times, @providers)
                with ordinality as ticks (coin_id, currency, price, as_of, provider, position)
        ),
        -- The currencies in which the batch's coins have alerts, by skipping through the index from one to the next.
        asked (coin_id, currency) as (
            select coin.coin_id,
                (select min(alert.currency) from alerts.alerts alert where alert.is_active and alert.coin_id = coin.coin_id)
            from (select distinct coin_id from tick) coin
            union all
            select asked.coin_id,
                (
                    select min(alert.currency)
                    from alerts.alerts alert
                    where alert.is_active and alert.coin_id = asked.coin_id and alert.currency > asked.currency
                )
            from asked
            where asked.currency is not null
        ),
        -- Those that nobody quotes: a rate of several stored pairs, of which the batch may bring the first.
        unquoted as materialized (
            select asked.coin_id, asked.currency, rate.route[1] as first_pair, rate.route
            from asked
            cross join lateral (select max(as_of) as as_of from tick where tick.coin_id = asked.coin_id) newest
            cross join lateral api_integration.rate_at(asked.coin_id, asked.currency, newest.as_of) rate
            where asked.currency is not null
                and not exists (select from tick where tick.coin_id = asked.coin_id and tick.currency = asked.currency)
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
        ),
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
        ),
        concerned as materialized (
            select alert.id, span.newest
            from span
            cross join lateral (
                select id from alerts.alerts
                where is_active and condition in ('above', 'crosses_above') and is_met is not true
                    and coin_id = span.coin_id and currency = span.currency and price <= span.high
                union
                select id from alerts.alerts
                where is_active and condition in ('above', 'crosses_above') and is_met
                    and coin_id = span.coin_id and currency = span.currency and price > span.low
                union
                select id from alerts.alerts
                where is_active and condition in ('below', 'crosses_below') and is_met is not true
                    and coin_id = span.coin_id and currency = span.currency and price >= span.low
                union
                select id from alerts.alerts
                where is_active and condition in ('below', 'crosses_below') and is_met
                    and coin_id = span.coin_id and currency = span.currency and price < span.high
                union
                select id from alerts.alerts
                where is_active and condition in ('crosses_above', 'crosses_below') and is_met is null
                    and coin_id = span.coin_id and currency = span.currency
                union
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
        ),
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
                alerts.last_spaced(as_of, last_fired_at, cooldown) filter (where is_crossing) over so_far as last_taken
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
            select *,
                is_due and not coalesce(
                    bool_or(is_too_many) over (partition by id order by position rows between unbounded preceding and 1 preceding), false
                ) as fires
            from braked
        ),
        firing as (
            insert into alerts.alert_history
                (alert_id, user_id, triggered_at, price_at_trigger, currency, provider, price_as_of, route, oldest_rate_at,
                    notification_sent, notification_channels)
            -- When this statement began, under the lock: the transaction may be older than the batch before.
            select id, user_id, statement_timestamp(), price_at_trigger, currency, provider, as_of, route, oldest_rate_at, 'app' = any (notification_channels),
                array(select channel from unnest(notification_channels) channel where channel = 'app')
            from judged
            where fires
            order by position, id
            returning id, alert_id, user_id
        ),
        -- Being in the history and on the stream is what delivery by app means; the others wait for their job.
        delivery as (
            insert into alerts.alert_deliveries (history_id, channel, user_id, status, sent_at)
            select firing.id, channel, firing.user_id,
                case channel when 'app' then 'sent' else 'pending' end,
                case channel when 'app' then statement_timestamp() end
            from firing
            join candidate on candidate.id = firing.alert_id
            cross join unnest(candidate.notification_channels) channel
        ),
        outcome as materialized (
            select candidate.id,
                (array_agg(judged.says_met order by judged.position desc))[1] as is_met,
                coalesce(bool_or(judged.fires), false) as has_fired,
                max(judged.as_of) filter (where judged.fires) as last_fired_at,
                array_agg(judged.as_of order by judged.position) filter (where judged.fires) as fired_at,
                coalesce(bool_or(judged.fires and judged.is_too_many), false) as is_storm,
                coalesce(bool_or(candidate.has_expired or judged.fires and judged.repeat = 'once'), false) as is_over
            from candidate
            left join judged on judged.id = candidate.id
            where candidate.has_expired or judged.id is not null
            group by candidate.id
        ),
        changed as (
            update alerts.alerts alert
            set is_met = coalesce(outcome.is_met, alert.is_met),
                triggered_at = case when outcome.has_fired then statement_timestamp() else alert.triggered_at end,
                last_fired_at = coalesce(outcome.last_fired_at, alert.last_fired_at),
                fired_lately = array(
                    select at
                    from unnest(alert.fired_lately || outcome.fired_at) at
                    where at > coalesce(outcome.last_fired_at, alert.last_fired_at) - interval '3 minutes'
                ),
                is_active = not (outcome.is_over or outcome.is_storm),
                paused_reason = case when outcome.is_storm then 'too_many_firings' end
            from outcome
            -- The array, too, or the planner, who can't know how few they are, reads the whole table for them.
            where alert.id = outcome.id and alert.id = any (array(select id from outcome))
        )
        select (select count(*) from candidate)::integer as alerts, (select count(*) from firing)::integer as firings
        """;
}
