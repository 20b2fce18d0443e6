namespace CryptoBeacon.Alerts.Delivery;

/// <summary>
/// Takes what is due in hand, one delivery a target, so that a dead one keeps nobody else waiting. Who takes one has it alone for a while; a server that is
/// killed meanwhile lets go of it, and it is sent again under the same id.
/// </summary>
internal sealed class DueDeliveries(IAutoCommitDatabase database, TimeProvider clock)
{
    private static readonly TimeSpan InHand = TimeSpan.FromSeconds(45);

    public Task<IReadOnlyList<Notification>> TakeAsync(string channel, int atMost, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow();
        return database.QueryAsync<Notification>(
            """
            with target as (
                select user_id
                from alerts.alert_deliveries
                where status = 'pending' and channel = @channel and next_attempt_at <= @now
                group by user_id
                having not coalesce(bool_or(claimed_until > @now), false)
                order by min(next_attempt_at)
                limit @atMost
            ), taken as (
                update alerts.alert_deliveries delivery
                set claimed_until = @until
                from target
                cross join lateral (
                    select waiting.history_id
                    from alerts.alert_deliveries waiting
                    join alerts.alert_history fired on fired.id = waiting.history_id
                    where waiting.user_id = target.user_id and waiting.channel = @channel and waiting.status = 'pending'
                        and waiting.next_attempt_at <= @now
                    order by waiting.retries, fired.sequence
                    limit 1
                    for update of waiting skip locked
                ) first
                where delivery.history_id = first.history_id and delivery.channel = @channel
                returning delivery.history_id, delivery.user_id, delivery.retries
            )
            select taken.history_id, taken.user_id, taken.retries, alert.id as alert_id, alert.coin_id, alert.condition, alert.price, alert.notes,
                fired.currency, fired.price_at_trigger, fired.price_as_of, fired.provider, fired.triggered_at
            from taken
            join alerts.alert_history fired on fired.id = taken.history_id
            join alerts.alerts alert on alert.id = fired.alert_id
            """,
            new
            {
                channel,
                atMost,
                now,
                until = now + InHand,
            },
            cancellationToken
        );
    }
}
