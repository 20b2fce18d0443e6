using CryptoBeacon.Alerts.Delivery;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Jobs;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.Alerts.Features;

/// <summary>Notes what an attempt to deliver was answered, and when the next one is due.</summary>
internal sealed record RecordAttempt(Notification Notification, NotificationChannel Channel, Reply Reply) : ICommand;

internal sealed class RecordAttemptHandler(IWriteDatabase database, IOutbox outbox, TimeProvider clock)
    : IRequestHandler<RecordAttempt, Result>
{
    /// <summary>What is due later is found by the job that recurs every minute.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    public async Task<Result> Handle(RecordAttempt request, CancellationToken cancellationToken)
    {
        var (notification, channel, reply) = request;
        var now = clock.UtcNow();
        var wait =
            reply.Outcome == DeliveryOutcome.Retry
                ? RetrySchedule.After(notification.Retries, reply.RetryAfter, Random.Shared.NextDouble())
                : null;
        await database.ExecuteAsync(
            """
            update alerts.alert_deliveries
            set status = @status,
                attempts = attempts + @attempts,
                retries = retries + @attempts,
                last_error = @Error,
                sent_at = case @status when 'sent' then @now end,
                next_attempt_at = coalesce(@dueAt, next_attempt_at),
                claimed_until = null,
                answers = case @attempts when 0 then answers else answers || jsonb_build_array(
                    jsonb_build_object('at', @now::timestamptz, 'statusCode', @StatusCode::integer, 'error', @Error::text)) end
            where history_id = @HistoryId and channel = @channel and status = 'pending';

            -- The row itself is read again where another channel was faster.
            update alerts.alert_history
            set notification_sent = true,
                notification_channels = array(
                    select distinct sent from unnest(coalesce(notification_channels, '{}') || @channel::text) sent order by sent)
            where @status = 'sent' and id = @HistoryId;

            -- What waits for the same target need not run into it, too.
            update alerts.alert_deliveries
            set next_attempt_at = @pausedUntil
            where @status = 'pending' and user_id = @UserId and channel = @channel and status = 'pending'
                and claimed_until is null and history_id <> @HistoryId and next_attempt_at < @pausedUntil
            """,
            new
            {
                notification.HistoryId,
                notification.UserId,
                channel = WireName.Of(channel),
                status = reply.Outcome switch
                {
                    DeliveryOutcome.Sent => "sent",
                    DeliveryOutcome.Disabled => "disabled",
                    _ when wait is not null => "pending",
                    _ => "failed",
                },
                attempts = reply.Outcome == DeliveryOutcome.Disabled ? 0 : 1,
                reply.StatusCode,
                reply.Error,
                now,
                dueAt = now + wait,
                pausedUntil = now + (reply.RetryAfter > RetrySchedule.Shortest ? wait : RetrySchedule.Shortest),
            },
            cancellationToken
        );
        if (wait < Soon)
        {
            await outbox.RequestJobAsync(DeliverFiringsJob.Name, null, cancellationToken, notBefore: now + wait);
        }

        return Result.Success;
    }
}
