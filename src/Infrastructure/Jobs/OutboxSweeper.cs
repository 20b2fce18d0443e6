using CryptoBeacon.Infrastructure.Persistence;
using Dapper;
using Hangfire;
using Hangfire.States;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CryptoBeacon.Infrastructure.Jobs;

/// <summary>
/// Hands what the outbox asks for to Hangfire, as soon as the asking transaction has committed: a notification wakes it, and it looks by
/// itself every second in case one was lost. A row goes only after Hangfire has the job, so a kill in between runs the job twice, never not at all.
/// What asks for a job that this version does not know stays, for the newer server that wrote it.
/// </summary>
public sealed partial class OutboxSweeper(
    DataSources dataSources,
    IBackgroundJobClientV2 jobs,
    JobCatalog catalog,
    ILogger<OutboxSweeper> logger
) : BackgroundService
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);
    private const int BatchSize = 500;

    /// <summary>Hangfire cuts times to seconds, and would come too early.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
                when (exception is NpgsqlException or TimeoutException or BackgroundJobClientException)
            {
                LogInterrupted(exception);
                await Task.Delay(LookAnyway, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await dataSources.Listeners.OpenConnectionAsync(stoppingToken);
        await connection.ExecuteAsync("listen outbox");
        while (true)
        {
            while (await SweepAsync(connection, stoppingToken) == BatchSize) { }

            await connection.WaitAsync(LookAnyway, stoppingToken);
        }
    }

    private async Task<int> SweepAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(stoppingToken);
        var requests = (
            await connection.QueryAsync<JobRequest>(
                new CommandDefinition(
                    """
                    with taken as (
                        select id, sequence, payload
                        from platform.outbox
                        where kind = @kind and payload ->> 'name' = any(@known)
                        order by sequence
                        limit @limit
                        for update skip locked
                    ), gone as (
                        delete from platform.outbox using taken where outbox.id = taken.id
                    )
                    select
                        payload ->> 'name' as name,
                        payload ->> 'argument' as argument,
                        payload ->> 'traceParent' as traceparent,
                        (payload ->> 'notBefore')::timestamptz as notbefore
                    from taken
                    order by sequence
                    """,
                    new
                    {
                        kind = Outbox.JobKind,
                        known = catalog.Names,
                        limit = BatchSize,
                    },
                    transaction,
                    cancellationToken: stoppingToken
                )
            )
        ).AsList();

        // Two requests for the same work in one sweep are one job: a job does all there is to do.
        foreach (var work in requests.GroupBy(request => (request.Name, request.Argument, request.NotBefore)))
        {
            var (name, argument, notBefore) = work.Key;
            var queue = catalog[name].Queue;
            jobs.Create(
                JobHost.Call(name, argument, queue),
                notBefore is { } at ? new ScheduledState(at.UtcDateTime + Rounding) : new EnqueuedState(queue),
                JobTraceAttribute.Carry(work.Select(request => request.TraceParent))
            );
        }

        await transaction.CommitAsync(stoppingToken);
        return requests.Count;
    }

    [LoggerMessage(LogLevel.Warning, "The outbox sweep was interrupted and starts again")]
    private partial void LogInterrupted(Exception exception);

    private sealed record JobRequest
    {
        public required string Name { get; init; }

        public string? Argument { get; init; }

        public string? TraceParent { get; init; }

        public DateTimeOffset? NotBefore { get; init; }
    }
}
