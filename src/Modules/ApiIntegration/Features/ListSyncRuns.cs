using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>The syncs of a key, the newest first.</summary>
internal sealed record ListSyncRuns(Guid ApiKeyId, int? Limit, string? Cursor) : IQuery<Page<SyncRunDto>>;

internal sealed record SyncRunPosition(Guid SyncRunId);

internal sealed class ListSyncRunsValidator : AbstractValidator<ListSyncRuns>
{
    public ListSyncRunsValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListSyncRuns, SyncRunPosition>();
    }
}

internal sealed class ListSyncRunsHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListSyncRuns, Result<Page<SyncRunDto>>>
{
    public Task<Result<Page<SyncRunDto>>> Handle(ListSyncRuns request, CancellationToken cancellationToken) =>
        database.QueryMultipleAsync<Result<Page<SyncRunDto>>>(
            $"""
            select id from api_integration.api_keys where user_id = @userId and id = @ApiKeyId;
            select {SyncRunRow.Columns}
            from api_integration.sync_runs
            where user_id = @userId and api_key_id = @ApiKeyId and (@before::uuid is null or id < @before)
            order by id desc
            limit @take
            """,
            new
            {
                userId = user.Id,
                request.ApiKeyId,
                before = Cursor.Decode<SyncRunPosition>(request.Cursor)?.SyncRunId,
                take = PageSize.AndOneMore(request.Limit),
            },
            async results =>
                await results.ReadSingleOrDefaultAsync<Guid?>() is null
                    ? ApiErrors.NoKey
                    : Page<SyncRunDto>.From(
                        [.. (await results.ReadAsync<SyncRunRow>()).Select(row => row.ToDto())],
                        request.Limit,
                        last => new SyncRunPosition(last.Id)
                    ),
            cancellationToken
        );
}

internal static class ListSyncRunsEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapGet(
                "/{id:guid}/sync-runs",
                async (Guid id, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListSyncRuns(id, limit, cursor), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<SyncRunDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithName(nameof(ListSyncRuns))
            .WithSummary("List the syncs of a key");
}
