using System.Diagnostics.Metrics;
using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Features;
using CryptoBeacon.Application.Behaviors;
using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Alerts.Delivery;

/// <summary>
/// Sends all that is due. A server has one round at a time, in which many are on their way at once: whoever asks for another joins the one that runs, so
/// that slow receivers occupy one of the servers's few workers and not all of them.
/// </summary>
internal sealed class DeliveryRound(IWorkerScopes scopes, IEnumerable<ISender> senders, INotificationChannels channels)
{
    /// <summary>Of each channel: a mail server that hangs takes nothing from webhooks.</summary>
    private const int AtOnce = 32;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Counter<long> Deliveries = Telemetry.Meter.CreateCounter<long>(
        "crypto_beacon.alerts.deliveries",
        description: "Attempts to deliver what alerts fired, by channel and outcome"
    );

    private int _asked;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _asked) > 1)
        {
            return;
        }

        var underWay = new List<(NotificationChannel Channel, Task Sending)>();
        try
        {
            int seen;
            do
            {
                seen = Volatile.Read(ref _asked);
                await DrainAsync(underWay, cancellationToken);
            } while (Interlocked.CompareExchange(ref _asked, 0, seen) != seen);
        }
        catch
        {
            await Task.WhenAll(underWay.Select(one => one.Sending))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Exchange(ref _asked, 0);
            throw;
        }
    }

    private async Task DrainAsync(
        List<(NotificationChannel Channel, Task Sending)> underWay,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            foreach (var sender in senders)
            {
                var free = AtOnce - underWay.Count(one => one.Channel == sender.Channel);
                foreach (var notification in await TakeAsync(sender.Channel, free, cancellationToken))
                {
                    underWay.Add((sender.Channel, SendAsync(sender, notification, cancellationToken)));
                }
            }

            if (underWay.Count == 0)
            {
                return;
            }

            await Task.WhenAny([.. underWay.Select(one => one.Sending), Task.Delay(LookAgain, cancellationToken)]);
            foreach (var done in underWay.Where(one => one.Sending.IsCompleted).ToList())
            {
                underWay.Remove(done);
                await done.Sending;
            }
        }
    }

    private async Task<IReadOnlyList<Notification>> TakeAsync(
        NotificationChannel channel,
        int atMost,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.Create();
        return await ActivatorUtilities
            .CreateInstance<DueDeliveries>(scope.ServiceProvider)
            .TakeAsync(WireName.Of(channel), atMost, cancellationToken);
    }

    private async Task SendAsync(ISender sender, Notification notification, CancellationToken cancellationToken)
    {
        var targets = await channels.ForAsync(notification.UserId, cancellationToken);
        var reply = await TrySendAsync(sender, notification, targets, cancellationToken);
        await using var scope = scopes.Create();
        await scope
            .ServiceProvider.GetRequiredService<IMediator>()
            .Send(new RecordAttempt(notification, sender.Channel, reply), cancellationToken);
        Deliveries.Add(1, new("channel", WireName.Of(sender.Channel)), new("outcome", WireName.Of(reply.Outcome)));
    }

    private static async Task<Reply> TrySendAsync(
        ISender sender,
        Notification notification,
        NotificationTargets targets,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return await sender.SendAsync(notification, targets, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply(DeliveryOutcome.Retry, null, $"It took longer than {Patience.TotalSeconds} seconds.");
        }
    }
}
