using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Ends a sync that waits or runs, at the end of the page that it is at. What it has brought stays, and goes by undoing its import.</summary>
internal sealed record CancelSync(Guid ApiKeyId, Guid RunId) : ICommand;

internal sealed class CancelSyncHandler(IReadDatabase database, SyncRuns runs, ICurrentUser user)
    : IRequestHandler<CancelSync, Result>
{
    public async Task<Result> Handle(CancelSync request, CancellationToken cancellationToken)
    {
        var status = await database.QuerySingleOrDefaultAsync<string>(
            "select status from api_integration.sync_runs where user_id = @userId and api_key_id = @ApiKeyId and id = @RunId for update",
            new
            {
                userId = user.Id,
                request.ApiKeyId,
                request.RunId,
            },
            cancellationToken
        );
        if (status is null)
        {
            return ApiErrors.NoRun;
        }

        return await runs.EndAsync(request.RunId, SyncStatus.Cancelled, ApiErrors.Cancelled, cancellationToken) > 0
            ? Result.Success
            : ApiErrors.RunHasEnded;
    }
}

internal static class CancelSyncEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapDelete(
                "/{id:guid}/sync-runs/{runId:guid}",
                async (Guid id, Guid runId, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CancelSync(id, runId), ct)).ToNoContent()
            )
            .RequireScope(Scopes.KeysWrite)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .WithName(nameof(CancelSync))
            .WithSummary("End a sync that waits or runs; what it has brought stays");
}
