using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>What a portfolio holds, by coin.</summary>
internal sealed record ListAssets(Guid PortfolioId, int? Limit, string? Cursor) : IQuery<Page<AssetDto>>
{
    internal sealed record LastShown(string CoinId);
}

internal sealed class ListAssetsValidator : AbstractValidator<ListAssets>
{
    public ListAssetsValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListAssets, ListAssets.LastShown>();
    }
}

internal sealed class ListAssetsHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListAssets, Result<Page<AssetDto>>>
{
    public Task<Result<Page<AssetDto>>> Handle(ListAssets request, CancellationToken cancellationToken) =>
        database.QueryMultipleAsync<Result<Page<AssetDto>>>(
            """
            select id from portfolios.portfolios where user_id = @userId and id = @portfolioId;

            select
                coin_id, quantity, shortfall, avg_buy_price, is_cost_complete, opening_quantity, opening_avg_buy_price, acquired_at,
                created_at, updated_at, version
            from portfolios.assets
            where user_id = @userId and portfolio_id = @portfolioId and (@after::text is null or coin_id > @after)
            order by coin_id
            limit @take
            """,
            new
            {
                userId = user.Id,
                portfolioId = request.PortfolioId,
                after = Cursor.Decode<ListAssets.LastShown>(request.Cursor)?.CoinId,
                take = PageSize.AndOneMore(request.Limit),
            },
            async results =>
            {
                var portfolios = await results.ReadAsync<Guid>();
                var assets = await results.ReadAsync<AssetDto>();
                return portfolios.Count == 0
                    ? PortfolioErrors.NotFound
                    : Page<AssetDto>.From(assets, request.Limit, last => new ListAssets.LastShown(last.CoinId));
            },
            cancellationToken
        );
}

internal static class ListAssetsEndpoint
{
    public static void Map(RouteGroupBuilder assets) =>
        assets
            .MapGet(
                "/",
                async (Guid id, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListAssets(id, limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListAssets))
            .WithSummary("List what a portfolio holds, by coin")
            .Produces<Page<AssetDto>>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.Read);
}
