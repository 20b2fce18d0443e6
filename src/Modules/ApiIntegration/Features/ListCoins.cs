namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>The catalogue of coins, or those that share a symbol.</summary>
internal sealed record ListCoins(string? Symbol, int? Limit, string? Cursor) : IQuery<Page<CoinDto>>;

internal sealed record CoinDto : IVersioned
{
    public required string CoinId { get; init; }

    public required string Symbol { get; init; }

    public required string Name { get; init; }

    public required bool IsFiat { get; init; }

    public uint Version { get; init; }
}

internal sealed record CoinPosition(string CoinId);

internal sealed class ListCoinsValidator : AbstractValidator<ListCoins>
{
    public ListCoinsValidator()
    {
        RuleFor(query => query.Symbol).CoinSymbol();
        RuleFor(query => query.Limit).PageLimit();
        RuleFor(query => query.Cursor).CursorOf<ListCoins, CoinPosition>();
    }
}

internal sealed class ListCoinsHandler(IReadDatabase database) : IRequestHandler<ListCoins, Result<Page<CoinDto>>>
{
    public async Task<Result<Page<CoinDto>>> Handle(ListCoins request, CancellationToken cancellationToken)
    {
        var coins = await database.QueryAsync<CoinDto>(
            """
            select coin_id, symbol, name, is_fiat
            from api_integration.coins
            where coin_id > @after and (@Symbol::text is null or symbol = @Symbol)
            order by coin_id
            limit @limit
            """,
            new
            {
                request.Symbol,
                after = Cursor.Decode<CoinPosition>(request.Cursor)?.CoinId ?? "",
                limit = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<CoinDto>.From(coins, request.Limit, coin => new CoinPosition(coin.CoinId));
    }
}

internal static class ListCoinsEndpoint
{
    public static void Map(RouteGroupBuilder market) =>
        market
            .MapGet(
                "/coins",
                async (string? symbol, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListCoins(symbol, limit, cursor), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<CoinDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithName(nameof(ListCoins))
            .WithSummary("The catalogue of coins and fiat currencies");
}
