using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>Deletes a watchlist with its items, and ends their alerts.</summary>
internal sealed record DeleteWatchlist(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class DeleteWatchlistHandler(
    IRepository<Watchlist> watchlists,
    IRepository<WatchlistItem> items,
    ICustomAlerts customAlerts,
    DefaultOf<Watchlist> defaultWatchlist,
    ICurrentUser user
) : IRequestHandler<DeleteWatchlist, Result>
{
    public async Task<Result> Handle(DeleteWatchlist request, CancellationToken cancellationToken)
    {
        await defaultWatchlist.LockAsync(cancellationToken);
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

        foreach (
            var item in await items.ListAsync(new WatchlistSpecs.ItemsOf(user.Id, watchlist.Id), cancellationToken)
        )
        {
            var ended = await customAlerts.EndAsync(item, cancellationToken);
            if (!ended.IsSuccess)
            {
                return ended;
            }
        }

        await watchlists.DeleteAsync(watchlist, cancellationToken);
        if (watchlist.IsDefault)
        {
            await defaultWatchlist.InheritAsync(cancellationToken);
        }

        return Result.Success;
    }
}

internal static class DeleteWatchlistEndpoint
{
    public static void Map(RouteGroupBuilder watchlists) =>
        watchlists
            .MapDelete(
                "/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteWatchlist(id, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(DeleteWatchlist))
            .WithSummary("Delete a watchlist and end its alerts")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .RequireScope(Scopes.WatchlistsWrite);
}
