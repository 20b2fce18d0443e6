using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Ends a sync before it has read the account to its end. What it has brought stays.</summary>
internal sealed record EndSync(Guid RunId, SyncStatus Status, Error Reason) : ICommand;

internal sealed class EndSyncHandler(SyncRuns runs) : IRequestHandler<EndSync, Result>
{
    public async Task<Result> Handle(EndSync request, CancellationToken cancellationToken)
    {
        await runs.EndAsync(request.RunId, request.Status, request.Reason, cancellationToken);
        return Result.Success;
    }
}
