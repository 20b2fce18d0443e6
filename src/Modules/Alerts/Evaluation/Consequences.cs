namespace CryptoBeacon.Alerts.Evaluation;

/// <summary>What becomes of it: the history, its deliveries, and the alerts as they are afterwards.</summary>
/// <remarks><c>firing</c>: one row of the history. <c>outcome</c>: one candidate's new state.</remarks>
internal static class Consequences
{
    public const string Sql = """
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
        """;
}
