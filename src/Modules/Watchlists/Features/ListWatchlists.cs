namespace CryptoBeacon.Watchlists.Features;

/// <summary>The user's watchlists, oldest first.</summary>
internal sealed record ListWatchlists(int? Limit, string? Cursor) : IQuery<Page<WatchlistLine>>
{
    /// <summary>Ids ascend with the time of creation.</summary>
    internal sealed record LastShown(Guid Id);
}

internal sealed class ListWatchlistsValidator : AbstractValidator<ListWatchlists>
{
    public ListWatchlistsValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListWatchlists, ListWatchlists.LastShown>();
    }
}

internal sealed class ListWatchlistsHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListWatchlists, Result<Page<WatchlistLine>>>
{
    public async Task<Result<Page<WatchlistLine>>> Handle(ListWatchlists request, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<WatchlistLine>(
            """
            select id, name, is_default, jsonb_array_length("order") as item_count, created_at, updated_at
            from watchlists.watchlists
            where user_id = @userId and (@after::uuid is null or id > @after)
            order by id
            limit @take
            """,
            new
            {
                userId = user.Id,
                after = Cursor.Decode<ListWatchlists.LastShown>(request.Cursor)?.Id,
                take = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<WatchlistLine>.From(rows, request.Limit, last => new ListWatchlists.LastShown(last.Id));
    }
}

internal static class ListWatchlistsEndpoint
{
    public static void Map(RouteGroupBuilder watchlists) =>
        watchlists
            .MapGet(
                "/",
                async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListWatchlists(limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListWatchlists))
            .WithSummary("List one's watchlists, oldest first")
            .Produces<Page<WatchlistLine>>()
            .RequireScope(Scopes.Read);
}
