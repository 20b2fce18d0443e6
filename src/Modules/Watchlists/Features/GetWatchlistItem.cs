using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

internal sealed record GetWatchlistItem(Guid WatchlistId, string CoinId, string? Currency) : IQuery<WatchlistItemDto>;

internal sealed class GetWatchlistItemValidator : AbstractValidator<GetWatchlistItem>
{
    public GetWatchlistItemValidator() => RuleFor(q => q.Currency).Currency();
}

internal sealed class GetWatchlistItemHandler(IReadDatabase database, ICurrentUser user, TimeProvider clock)
    : IRequestHandler<GetWatchlistItem, Result<WatchlistItemDto>>
{
    public async Task<Result<WatchlistItemDto>> Handle(GetWatchlistItem request, CancellationToken cancellationToken)
    {
        var item = await database.QuerySingleOrDefaultAsync<WatchlistItemRow>(
            """
            select
                items.coin_id, items.notes, items.custom_alerts, items.added_at, items.xmin as version,
                rate.price, rate.as_of as price_as_of, rate.route, day_before.price as price_day_before
            from watchlists.watchlist_items items
            left join lateral api_integration.rate_at(items.coin_id, @currency, @now) rate on true
            left join lateral api_integration.rate_at(items.coin_id, @currency, @now - interval '24 hours') day_before on true
            where items.user_id = @userId and items.watchlist_id = @watchlistId and items.coin_id = @coinId
            """,
            new
            {
                userId = user.Id,
                watchlistId = request.WatchlistId,
                coinId = request.CoinId,
                currency = request.Currency ?? CryptoBeacon.Domain.Values.Currency.Default,
                now = clock.UtcNow(),
            },
            cancellationToken
        );
        return item is null ? WatchlistErrors.ItemNotFound : item.ToDto();
    }
}

internal static class GetWatchlistItemEndpoint
{
    public static void Map(RouteGroupBuilder items) =>
        items
            .MapGet(
                "/{coinId}",
                async (Guid id, string coinId, string? currency, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetWatchlistItem(id, coinId, currency), ct)).ToOk()
            )
            .WithName(nameof(GetWatchlistItem))
            .WithSummary("Read a coin on a watchlist")
            .Produces<WatchlistItemDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.Read);
}
