using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>Puts the items of a watchlist into an order.</summary>
internal sealed record ArrangeWatchlist(Guid Id, ArrangeWatchlist.Arrangement Body, IfMatch IfMatch)
    : ICommand<WatchlistDto>,
        IHasBody<ArrangeWatchlist.Arrangement>
{
    /// <param name="CoinIds">Each coin of the watchlist once.</param>
    internal sealed record Arrangement(IReadOnlyList<string>? CoinIds);
}

internal sealed class ArrangeWatchlistValidator : AbstractValidator<ArrangeWatchlist>
{
    public ArrangeWatchlistValidator() => RuleFor(c => c.Body.CoinIds).Required();
}

internal sealed class ArrangeWatchlistHandler(
    IRepository<Watchlist> watchlists,
    ICurrentUser user,
    TimeProvider clock,
    IMediator mediator
) : IRequestHandler<ArrangeWatchlist, Result<WatchlistDto>>
{
    public async Task<Result<WatchlistDto>> Handle(ArrangeWatchlist request, CancellationToken cancellationToken)
    {
        var watchlist = await watchlists.FirstOrDefaultAsync(
            new WatchlistSpecs.ById(user.Id, request.Id),
            cancellationToken
        );
        if (watchlist is null)
        {
            return WatchlistErrors.NotFound;
        }

        if (!request.IfMatch.Matches(watchlist.Version))
        {
            return Error.PreconditionFailed;
        }

        var coinIds = request.Body.CoinIds!;
        if (!watchlist.IsPermutation(coinIds))
        {
            return WatchlistErrors.NoPermutation;
        }

        if (!coinIds.SequenceEqual(watchlist.Order))
        {
            watchlist.Arrange(coinIds, clock.UtcNow());
            await watchlists.UpdateAsync(watchlist, cancellationToken);
        }

        return await mediator.Send(new GetWatchlist(request.Id, Currency: null), cancellationToken);
    }
}

internal static class ArrangeWatchlistEndpoint
{
    public static void Map(RouteGroupBuilder watchlists) =>
        watchlists
            .MapPut(
                "/{id:guid}/order",
                async (
                    Guid id,
                    ArrangeWatchlist.Arrangement body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ArrangeWatchlist(id, body, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(ArrangeWatchlist))
            .WithSummary("Put the coins of a watchlist into an order")
            .Produces<WatchlistDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .RequireScope(Scopes.WatchlistsWrite);
}
