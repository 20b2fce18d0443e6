using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>Puts a coin on a watchlist, as the last, and arms its alerts.</summary>
internal sealed record WatchCoin(Guid WatchlistId, WatchlistItemInput Body)
    : ICommand<WatchlistItemDto>,
        IHasBody<WatchlistItemInput>;

internal sealed class WatchCoinValidator : AbstractValidator<WatchCoin>
{
    public WatchCoinValidator(IValidator<WatchlistItemState> state)
    {
        RuleFor(c => c.Body.CoinId).Required().CoinId();
        RuleFor(c => c.Body.ToState()).SetValidator(state).OverridePropertyName("Body");
    }
}

internal sealed class WatchCoinHandler(
    IRepository<Watchlist> watchlists,
    IRepository<WatchlistItem> items,
    ICustomAlerts customAlerts,
    ICurrentUser user,
    TimeProvider clock,
    IMediator mediator
) : IRequestHandler<WatchCoin, Result<WatchlistItemDto>>
{
    public async Task<Result<WatchlistItemDto>> Handle(WatchCoin request, CancellationToken cancellationToken)
    {
        var watchlist = await watchlists.FirstOrDefaultAsync(
            new WatchlistSpecs.ById(user.Id, request.WatchlistId),
            cancellationToken
        );
        if (watchlist is null)
        {
            return WatchlistErrors.NotFound;
        }

        var coinId = request.Body.CoinId!;
        if (watchlist.Order.Contains(coinId))
        {
            return WatchlistErrors.DuplicateCoin;
        }

        var item = watchlist.Watch(coinId, request.Body.ToState(), clock.UtcNow());
        await items.AddAsync(item, cancellationToken);
        var armed = await customAlerts.FollowAsync(item, cancellationToken);
        if (!armed.IsSuccess)
        {
            return armed.Error;
        }

        return await mediator.Send(
            new GetWatchlistItem(request.WatchlistId, coinId, Currency: null),
            cancellationToken
        );
    }
}

internal static class WatchCoinEndpoint
{
    public static void Map(RouteGroupBuilder items) =>
        items
            .MapPost(
                "/",
                async (Guid id, WatchlistItemInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new WatchCoin(id, body), ct)).ToCreated(item =>
                        WatchlistItemDto.Location(id, item.CoinId)
                    )
            )
            .WithName(nameof(WatchCoin))
            .WithSummary("Put a coin on a watchlist, with alerts of its own")
            .Produces<WatchlistItemDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireScope(Scopes.WatchlistsWrite)
            .HonoursIdempotencyKey();
}
