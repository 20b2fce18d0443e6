using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.ApiIntegration.Jobs;

/// <summary>Polls the built-in provider, where it is switched on, more often than jobs recur.</summary>
internal sealed partial class SimulatedClock(
    IWorkerScopes scopes,
    Polling polling,
    Deployment deployment,
    TimeProvider clock,
    ILogger<SimulatedClock> logger
) : BackgroundService
{
    /// <summary>How often it is really polled stands in its row.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (deployment.Role == ServerRole.Web || !polling.IsSimulated)
        {
            return;
        }

        using var timer = new PeriodicTimer(Tick, clock);
        do
        {
            try
            {
                await using var scope = scopes.Create();
                await scope
                    .ServiceProvider.GetRequiredService<IMediator>()
                    .Send(new PollPrices(Simulated.Provider), stoppingToken);
            }
            // A poll that fails, for whatever the database has, must not end the server: the next one may succeed.
            catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
            {
                LogFailedPoll(exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "Simulated prices could not be stored; the next poll tries again")]
    private partial void LogFailedPoll(Exception exception);
}
