using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>One sync: how far it is and what it has brought.</summary>
internal sealed record GetSyncRun(Guid ApiKeyId, Guid RunId) : IQuery<SyncRunDto>;

internal sealed class GetSyncRunHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<GetSyncRun, Result<SyncRunDto>>
{
    public async Task<Result<SyncRunDto>> Handle(GetSyncRun request, CancellationToken cancellationToken)
    {
        var run = await database.QuerySingleOrDefaultAsync<SyncRunRow>(
            $"""
            select {SyncRunRow.Columns}
            from api_integration.sync_runs
            where user_id = @userId and api_key_id = @ApiKeyId and id = @RunId
            """,
            new
            {
                userId = user.Id,
                request.ApiKeyId,
                request.RunId,
            },
            cancellationToken
        );
        return run is null ? ApiErrors.NoRun : run.ToDto();
    }
}

internal static class GetSyncRunEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapGet(
                "/{id:guid}/sync-runs/{runId:guid}",
                async (Guid id, Guid runId, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetSyncRun(id, runId), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<SyncRunDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithName(nameof(GetSyncRun))
            .WithSummary("Read a sync: its status, progress and result");
}
