using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>A watchlist with the prices of its coins, in one round trip.</summary>
internal sealed record GetWatchlist(Guid Id, string? Currency) : IQuery<WatchlistDto>;

internal sealed class GetWatchlistValidator : AbstractValidator<GetWatchlist>
{
    public GetWatchlistValidator() => RuleFor(q => q.Currency).Currency();
}

internal sealed class GetWatchlistHandler(IReadDatabase database, ICurrentUser user, TimeProvider clock)
    : IRequestHandler<GetWatchlist, Result<WatchlistDto>>
{
    public Task<Result<WatchlistDto>> Handle(GetWatchlist request, CancellationToken cancellationToken)
    {
        var currency = request.Currency ?? CryptoBeacon.Domain.Values.Currency.Default;
        return database.QueryMultipleAsync<Result<WatchlistDto>>(
            """
            select id, name, is_default, created_at, updated_at, xmin as version
            from watchlists.watchlists
            where user_id = @userId and id = @id;

            select
                items.coin_id, items.notes, items.custom_alerts, items.added_at, items.xmin as version,
                rate.price, rate.as_of as price_as_of, rate.route, day_before.price as price_day_before
            from watchlists.watchlists
            cross join lateral jsonb_array_elements_text(watchlists."order") with ordinality as custom (coin_id, position)
            join watchlists.watchlist_items items
                on items.user_id = watchlists.user_id and items.watchlist_id = watchlists.id and items.coin_id = custom.coin_id
            left join lateral api_integration.rate_at(items.coin_id, @currency, @now) rate on true
            left join lateral api_integration.rate_at(items.coin_id, @currency, @now - interval '24 hours') day_before on true
            where watchlists.user_id = @userId and watchlists.id = @id
            order by custom.position
            """,
            new
            {
                userId = user.Id,
                id = request.Id,
                currency,
                now = clock.UtcNow(),
            },
            async results =>
            {
                var watchlist = await results.ReadSingleOrDefaultAsync<Head>();
                var items = await results.ReadAsync<WatchlistItemRow>();
                return watchlist is null
                    ? WatchlistErrors.NotFound
                    : watchlist.With([.. items.Select(item => item.ToDto())], currency);
            },
            cancellationToken
        );
    }

    private sealed record Head
    {
        public required Guid Id { get; init; }

        public required string Name { get; init; }

        public required bool IsDefault { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required DateTimeOffset UpdatedAt { get; init; }

        public required uint Version { get; init; }

        public WatchlistDto With(IReadOnlyList<WatchlistItemDto> items, string currency) =>
            new()
            {
                Id = Id,
                Name = Name,
                IsDefault = IsDefault,
                CreatedAt = CreatedAt,
                UpdatedAt = UpdatedAt,
                Version = Version,
                Currency = currency,
                Items = items,
                IsComplete = items.All(item => item.Price is not null),
                Missing = [.. items.Where(item => item.Price is null).Select(item => item.CoinId)],
                OldestRateAt = items.Min(item => item.PriceAsOf),
            };
    }
}

internal static class GetWatchlistEndpoint
{
    public static void Map(RouteGroupBuilder watchlists) =>
        watchlists
            .MapGet(
                "/{id:guid}",
                async (Guid id, string? currency, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetWatchlist(id, currency), ct)).ToOk()
            )
            .WithName(nameof(GetWatchlist))
            .WithSummary("Read a watchlist with the prices of its coins, in the custom order")
            .Produces<WatchlistDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.Read);
}
