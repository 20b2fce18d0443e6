using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Features;

internal sealed record GetAsset(Guid PortfolioId, string CoinId) : IQuery<AssetDto>;

internal sealed class GetAssetHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<GetAsset, Result<AssetDto>>
{
    public async Task<Result<AssetDto>> Handle(GetAsset request, CancellationToken cancellationToken)
    {
        var asset = await database.QuerySingleOrDefaultAsync<AssetDto>(
            """
            select
                coin_id, quantity, shortfall, avg_buy_price, is_cost_complete, opening_quantity, opening_avg_buy_price, acquired_at,
                created_at, updated_at, version
            from portfolios.assets
            where user_id = @userId and portfolio_id = @portfolioId and coin_id = @coinId
            """,
            new
            {
                userId = user.Id,
                portfolioId = request.PortfolioId,
                coinId = request.CoinId,
            },
            cancellationToken
        );
        return asset is null ? PortfolioErrors.AssetNotFound : asset;
    }
}

internal static class GetAssetEndpoint
{
    public static void Map(RouteGroupBuilder assets) =>
        assets
            .MapGet(
                "/{coinId}",
                async (Guid id, string coinId, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetAsset(id, coinId), ct)).ToOk()
            )
            .WithName(nameof(GetAsset))
            .WithSummary("Read what a portfolio holds of a coin")
            .Produces<AssetDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.Read);
}
