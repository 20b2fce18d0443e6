using System.Text.RegularExpressions;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Puts a coin into the catalogue, or says anew what it is called.</summary>
internal sealed record DefineCoin(string CoinId, CoinInput Body, IfMatch IfMatch)
    : ICommand<DefineCoin.Outcome>,
        IHasBody<CoinInput>
{
    internal sealed record Outcome(CoinDto Coin, bool IsNew);
}

/// <param name="IsFiat">Left out: as it is, or not.</param>
internal sealed record CoinInput(string? Symbol, string? Name, bool? IsFiat);

internal sealed class DefineCoinValidator : AbstractValidator<DefineCoin>
{
    public DefineCoinValidator()
    {
        RuleFor(command => command.CoinId).CoinId();
        RuleFor(command => command.Body.Symbol).Required().CoinSymbol();
        RuleFor(command => command.Body.Name).Required().Name();
    }
}

internal static partial class CoinRules
{
    public static IRuleBuilderOptions<T, string?> CoinSymbol<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Limit(
            new Limit { Pattern = $"^{Form}$" },
            symbol => symbol is null || Symbol().IsMatch(symbol),
            $"must be an upper-case symbol such as BTC: {Form}"
        );

    private const string Form = "[A-Z0-9][A-Z0-9.$-]{0,19}";

    [GeneratedRegex($@"\A{Form}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Symbol();
}

internal sealed class DefineCoinHandler(IWriteDatabase database)
    : IRequestHandler<DefineCoin, Result<DefineCoin.Outcome>>
{
    public async Task<Result<DefineCoin.Outcome>> Handle(DefineCoin request, CancellationToken cancellationToken)
    {
        var known = await database.QueryAsync<uint>(
            "select xmin from api_integration.coins where coin_id = @CoinId for update",
            new { request.CoinId },
            cancellationToken
        );
        if (request.IfMatch.IsGiven && !known.Any(request.IfMatch.Matches))
        {
            return Error.PreconditionFailed;
        }

        var coins = await database.QueryAsync<CoinDto>(
            """
            insert into api_integration.coins as known (coin_id, symbol, name, is_fiat)
            values (@CoinId, @Symbol, @Name, coalesce(@IsFiat, false))
            on conflict (coin_id) do update
                set symbol = excluded.symbol, name = excluded.name, is_fiat = coalesce(@IsFiat, known.is_fiat)
            returning coin_id, symbol, name, is_fiat, xmin as version
            """,
            new
            {
                request.CoinId,
                request.Body.Symbol,
                request.Body.Name,
                request.Body.IsFiat,
            },
            cancellationToken
        );
        return new DefineCoin.Outcome(coins[0], IsNew: known.Count == 0);
    }
}

internal static class DefineCoinEndpoint
{
    public static void Map(RouteGroupBuilder market) =>
        market
            .MapPut(
                "/coins/{coinId}",
                async (string coinId, CoinInput body, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DefineCoin(coinId, body, ifMatch), ct)).To(Answer)
            )
            .RequireAdmin()
            .Produces<CoinDto>()
            .Produces<CoinDto>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .WithName(nameof(DefineCoin))
            .WithSummary("Put a coin into the catalogue, or change what it is called");

    private static IResult Answer(DefineCoin.Outcome defined)
    {
        Result<CoinDto> coin = defined.Coin;
        return defined.IsNew ? coin.ToCreated(created => $"/api/v1/admin/market/coins/{created.CoinId}") : coin.ToOk();
    }
}
