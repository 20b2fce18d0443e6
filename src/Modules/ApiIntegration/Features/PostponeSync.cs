using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Jobs;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>After a fault of the exchange: what passes is waited for, what does not ends the sync. It goes on where it has come to.</summary>
internal sealed record PostponeSync(Guid RunId, ConnectorException Fault) : ICommand;

internal sealed class PostponeSyncHandler(
    IWriteDatabase database,
    SyncRuns runs,
    IOutbox outbox,
    ICurrentUser user,
    TimeProvider clock
) : IRequestHandler<PostponeSync, Result>
{
    /// <summary>After these the exchange is given up on.</summary>
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(3),
    ];

    public async Task<Result> Handle(PostponeSync request, CancellationToken cancellationToken)
    {
        var reason = ExchangeFaults.ToError(request.Fault);
        var attempts = await database.QueryAsync<int>(
            """
            update api_integration.sync_runs
            set status = 'running', attempts = attempts + 1, fault = @Code, error = @Message, started_at = coalesce(started_at, @now)
            where user_id = @userId and id = @RunId and status in ('queued', 'running')
            returning attempts
            """,
            new
            {
                reason.Code,
                reason.Message,
                now = clock.UtcNow(),
                userId = user.Id,
                request.RunId,
            },
            cancellationToken
        );
        if (attempts is not [var made])
        {
            return Result.Success;
        }

        if (!ExchangeFaults.Passes(request.Fault) || made > Waits.Length)
        {
            await runs.EndAsync(request.RunId, SyncStatus.Failed, reason, cancellationToken);
            return Result.Success;
        }

        await outbox.RequestJobAsync(
            SyncAccountJob.Name,
            request.RunId.ToString(),
            cancellationToken,
            notBefore: request.Fault.RetryAt ?? clock.UtcNow() + Waits[made - 1]
        );
        return Result.Success;
    }
}
