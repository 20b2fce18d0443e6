using System.Diagnostics.Metrics;
using CryptoBeacon.Application.Behaviors;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.Alerts.Jobs;

/// <summary>Measures what waits for evaluation, by a clock of its own: when nothing is evaluated any more, nothing else would tell.</summary>
internal sealed partial class BacklogWatch(
    IWorkerScopes scopes,
    Deployment deployment,
    TimeProvider clock,
    ILogger<BacklogWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private static readonly Gauge<long> Waiting = Telemetry.Meter.CreateGauge<long>(
        "crypto_beacon.alerts.waiting_batches",
        description: "Batches of prices that are not evaluated yet"
    );

    private static readonly Gauge<double> OldestAge = Telemetry.Meter.CreateGauge<double>(
        "crypto_beacon.alerts.oldest_batch.age",
        "s",
        "For how long the oldest of them has waited; 0 while none waits"
    );

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (deployment.Role == ServerRole.Web)
        {
            return;
        }

        using var timer = new PeriodicTimer(LookEvery, clock);
        do
        {
            try
            {
                await using var scope = scopes.Create();
                var backlog = await scope
                    .ServiceProvider.GetRequiredService<IPriceBatches>()
                    .CountUnevaluatedAsync(stoppingToken);
                Waiting.Record(backlog.Waiting);
                OldestAge.Record(
                    backlog.Oldest is { } oldest ? Math.Max(0, (clock.GetUtcNow() - oldest).TotalSeconds) : 0
                );
            }
            // Whatever the database has must not end the server: the next look may succeed.
            catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
            {
                LogFailedLook(exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "What waits for evaluation could not be counted; the next look tries again")]
    private partial void LogFailedLook(Exception exception);
}
