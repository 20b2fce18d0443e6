using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>Ends syncs before they have read their account to its end. All of the current user alone, in the command's transaction.</summary>
internal sealed class SyncRuns(IWriteDatabase database, ICurrentUser user, TimeProvider clock)
{
    public Task CancelAllOfAsync(Guid keyId, Error reason, CancellationToken cancellationToken) =>
        EndAsync("api_key_id = @id", keyId, SyncStatus.Cancelled, reason, cancellationToken);

    /// <returns>0 where it has ended already.</returns>
    public Task<int> EndAsync(Guid runId, SyncStatus status, Error reason, CancellationToken cancellationToken) =>
        EndAsync("id = @id", runId, status, reason, cancellationToken);

    private Task<int> EndAsync(
        string which,
        Guid id,
        SyncStatus status,
        Error reason,
        CancellationToken cancellationToken
    ) =>
        database.ExecuteAsync(
            $"""
            update api_integration.sync_runs
            set status = @status, fault = @Code, error = @Message, finished_at = @now
            where user_id = @userId and {which} and status in ('queued', 'running')
            """,
            new
            {
                status = WireName.Of(status),
                reason.Code,
                reason.Message,
                now = clock.UtcNow(),
                userId = user.Id,
                id,
            },
            cancellationToken
        );
}
