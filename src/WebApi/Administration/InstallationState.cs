using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Infrastructure.Persistence;
using Dapper;

namespace CryptoBeacon.WebApi.Administration;

/// <summary>Whether the installation keeps up with its work, at one moment.</summary>
internal sealed record InstallationState(
    DateTimeOffset At,
    MarketState Market,
    Backlog Outbox,
    Backlog AuditOutbox,
    Backlog Jobs,
    long FailedJobs,
    long JobServers,
    AuditCheck? LastAuditCheck
);

internal sealed record AuditCheck
{
    public DateTimeOffset CheckedAt { get; init; }

    /// <summary>The last entry that was looked at.</summary>
    public long Sequence { get; init; }

    public long? FirstBroken { get; init; }
}

/// <summary>Asks as the worker login, since no request sees what waits for the jobs.</summary>
internal sealed class InstallationWatch(IWorkerScopes scopes, DataSources dataSources, TimeProvider clock)
{
    public async Task<InstallationState> LookAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.Create();
        var market = await scope.ServiceProvider.GetRequiredService<IMarketWatch>().LookAsync(cancellationToken);

        await using var connection = await dataSources.Worker.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(
            new CommandDefinition(
                """
                select count(*) as waiting, min(created_at) as oldest from platform.outbox;

                select count(*) as waiting, min(occurred_at) as oldest from audit.audit_outbox;

                select count(*) as waiting, min(job.createdat) as oldest
                from hangfire.jobqueue queue
                join hangfire.job job on job.id = queue.jobid
                where queue.fetchedat is null;

                select count(*) from hangfire.job where statename = 'Failed';

                -- Hangfire beats every 30 seconds; the workers that compute are a second entry of the same process.
                select count(*) from hangfire.server
                where lastheartbeat > now() - interval '90 seconds' and id not like '%:computing:%';

                select checked_at, sequence, first_broken from audit.audit_checks order by checked_at desc limit 1;
                """,
                cancellationToken: cancellationToken
            )
        );
        return new InstallationState(
            clock.GetUtcNow(),
            market,
            await results.ReadSingleAsync<Backlog>(),
            await results.ReadSingleAsync<Backlog>(),
            await results.ReadSingleAsync<Backlog>(),
            await results.ReadSingleAsync<long>(),
            await results.ReadSingleAsync<long>(),
            await results.ReadSingleOrDefaultAsync<AuditCheck>()
        );
    }
}
