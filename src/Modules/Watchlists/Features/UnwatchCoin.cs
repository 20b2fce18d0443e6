using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>Takes a coin off a watchlist and ends its alerts.</summary>
internal sealed record UnwatchCoin(Guid WatchlistId, string CoinId, IfMatch IfMatch) : ICommand;

internal sealed class UnwatchCoinHandler(
    IRepository<Watchlist> watchlists,
    IRepository<WatchlistItem> items,
    ICustomAlerts customAlerts,
    ICurrentUser user,
    TimeProvider clock
) : IRequestHandler<UnwatchCoin, Result>
{
    public async Task<Result> Handle(UnwatchCoin request, CancellationToken cancellationToken)
    {
        var (id, coinId) = (request.WatchlistId, request.CoinId);
        var watchlist = await watchlists.FirstOrDefaultAsync(new WatchlistSpecs.ById(user.Id, id), cancellationToken);
        if (watchlist is null)
        {
            return WatchlistErrors.NotFound;
        }

        var item = await items.FirstOrDefaultAsync(
            new WatchlistSpecs.ItemByCoin(user.Id, id, coinId),
            cancellationToken
        );
        if (item is null)
        {
            return WatchlistErrors.ItemNotFound;
        }

        if (!request.IfMatch.Matches(item.Version))
        {
            return Error.PreconditionFailed;
        }

        var ended = await customAlerts.EndAsync(item, cancellationToken);
        if (!ended.IsSuccess)
        {
            return ended;
        }

        watchlist.Unwatch(item, clock.UtcNow());
        await items.DeleteAsync(item, cancellationToken);
        return Result.Success;
    }
}

internal static class UnwatchCoinEndpoint
{
    public static void Map(RouteGroupBuilder items) =>
        items
            .MapDelete(
                "/{coinId}",
                async (Guid id, string coinId, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new UnwatchCoin(id, coinId, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(UnwatchCoin))
            .WithSummary("Take a coin off a watchlist and end its alerts")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .RequireScope(Scopes.WatchlistsWrite);
}
