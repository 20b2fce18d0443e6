using CryptoBeacon.Infrastructure.Jobs;
using CryptoBeacon.Infrastructure.Persistence;
using Dapper;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Audit;

/// <summary>
/// Asks for the job as long as the outbox has rows, looking once a second. Writers announce nothing: a NOTIFY makes their commits wait for each other,
/// and nobody needs an entry sooner.
/// </summary>
internal sealed partial class AuditWatch(
    DataSources dataSources,
    IBackgroundJobClientV2 jobs,
    JobCatalog catalog,
    TimeProvider clock,
    ILogger<AuditWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using var connection = await dataSources.Worker.OpenConnectionAsync(stoppingToken);
            var isWaiting = new CommandDefinition(
                "select exists (select from audit.audit_outbox)",
                cancellationToken: stoppingToken
            );
            if (await connection.ExecuteScalarAsync<bool>(isWaiting))
            {
                var queue = catalog[AppendAuditEntriesJob.Name].Queue;
                jobs.Create(JobHost.Call(AppendAuditEntriesJob.Name, null, queue), new EnqueuedState(queue));
            }
        }
        catch (Exception exception)
            when (exception is NpgsqlException or TimeoutException or BackgroundJobClientException)
        {
            LogInterrupted(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The audit outbox could not be looked at; the next look is in a second")]
    private partial void LogInterrupted(Exception exception);
}
