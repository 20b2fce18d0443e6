using System.Text.Json;
using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>Changes an item's notes or alerts, as a merge patch names them. The alerts follow.</summary>
internal sealed record ReviseWatchlistItem(Guid WatchlistId, string CoinId, MergePatch Patch, IfMatch IfMatch)
    : ICommand<WatchlistItemDto>;

internal sealed class ReviseWatchlistItemHandler(
    IRepository<Watchlist> watchlists,
    IRepository<WatchlistItem> items,
    IValidator<WatchlistItemState> validator,
    ICustomAlerts customAlerts,
    ICurrentUser user,
    TimeProvider clock,
    IMediator mediator
) : IRequestHandler<ReviseWatchlistItem, Result<WatchlistItemDto>>
{
    public async Task<Result<WatchlistItemDto>> Handle(ReviseWatchlistItem request, CancellationToken cancellationToken)
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

        var current = item.ToState();
        var revised = request.Patch.ApplyTo(current, validator);
        if (!revised.IsSuccess)
        {
            return revised.Error;
        }

        if (!IsSame(revised.Value, current))
        {
            watchlist.Revise(item, revised.Value, clock.UtcNow());
            await items.UpdateAsync(item, cancellationToken);
            var followed = await customAlerts.FollowAsync(item, cancellationToken);
            if (!followed.IsSuccess)
            {
                return followed.Error;
            }
        }

        return await mediator.Send(new GetWatchlistItem(id, coinId, Currency: null), cancellationToken);
    }

    // Lists in records are compared by reference: what clients see decides.
    private static bool IsSame(WatchlistItemState a, WatchlistItemState b) =>
        JsonSerializer.Serialize(a, BeaconJson.Options) == JsonSerializer.Serialize(b, BeaconJson.Options);
}

internal static class ReviseWatchlistItemEndpoint
{
    public static void Map(RouteGroupBuilder items) =>
        items
            .MapPatch(
                "/{coinId}",
                async (
                    Guid id,
                    string coinId,
                    PatchBody<WatchlistItemState> body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ReviseWatchlistItem(id, coinId, body.Patch, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(ReviseWatchlistItem))
            .WithSummary("Change the notes or the alerts of a coin on a watchlist")
            .Produces<WatchlistItemDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .RequireScope(Scopes.WatchlistsWrite);
}
