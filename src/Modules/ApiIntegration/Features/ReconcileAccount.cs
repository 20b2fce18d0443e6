using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Application.Contracts.Portfolios;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Sets what is recorded in a portfolio beside what the exchange says is in the account, coin by coin.</summary>
internal sealed record ReconcileAccount(Guid ApiKeyId, Guid? PortfolioId) : IStepwiseCommand<ReconciliationDto>;

/// <param name="IsComplete">False: of some of the account's assets the catalogue does not say which coin they are.</param>
internal sealed record ReconciliationDto(
    Guid ApiKeyId,
    Guid PortfolioId,
    DateTimeOffset AsOf,
    bool IsComplete,
    IReadOnlyList<ReconciledCoin> Items
);

internal sealed class ReconcileAccountValidator : AbstractValidator<ReconcileAccount>
{
    public ReconcileAccountValidator() => RuleFor(q => q.PortfolioId).Required();
}

internal sealed class ReconcileAccountHandler(
    ExchangeAccounts accounts,
    IPositions positions,
    IReadDatabase database,
    AccountAsks asks,
    ICurrentUser user,
    TimeProvider clock
) : IRequestHandler<ReconcileAccount, Result<ReconciliationDto>>
{
    public async Task<Result<ReconciliationDto>> Handle(ReconcileAccount request, CancellationToken cancellationToken)
    {
        var portfolioId = request.PortfolioId!.Value;
        if (await positions.FindPortfolioAsync(portfolioId, cancellationToken) is null)
        {
            return ApiErrors.NoPortfolio;
        }

        if (asks.RefusalFor(user.Id) is { } refusal)
        {
            return refusal;
        }

        IReadOnlyList<Balance> balances;
        try
        {
            var opened = await accounts.OpenCheckedAsync<IExchangeConnector>(request.ApiKeyId, cancellationToken);
            if (!opened.IsSuccess)
            {
                return opened.Error;
            }

            var account = opened.Value;
            balances = await account.Connector.BalancesAsync(account.Api, account.Credentials, cancellationToken);
        }
        catch (ConnectorException exception)
        {
            return ExchangeFaults.ToError(exception, clock.GetUtcNow());
        }

        var recorded = await positions.CurrentAsync(portfolioId, coinIds: null, cancellationToken);
        var coins = await CoinsAsync(balances, cancellationToken);
        var items = Reconciliation.Of(balances, coins, recorded.Values);
        return new ReconciliationDto(
            request.ApiKeyId,
            portfolioId,
            clock.UtcNow(),
            items.All(item => item.CoinId is not null),
            items
        );
    }

    private Task<IReadOnlyList<AssetCoin>> CoinsAsync(
        IReadOnlyList<Balance> balances,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync<AssetCoin>(
            """
            select symbol as asset, case when cardinality(coin_ids) = 1 then coin_ids[1] end as coin_id, is_fiat as is_money
            from api_integration.coin_symbols()
            where symbol = any(@assets)
            """,
            new { assets = balances.Select(balance => balance.Asset).ToArray() },
            cancellationToken
        );
}

internal static class ReconcileAccountEndpoint
{
    public static void Map(RouteGroupBuilder keys) =>
        keys.MapGet(
                "/{id:guid}/reconciliation",
                async (Guid id, Guid? portfolioId, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ReconcileAccount(id, portfolioId), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<ReconciliationDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithName(nameof(ReconcileAccount))
            .WithSummary("Set what is recorded beside what the exchange says is in the account")
            .WithDescription(
                "Coin by coin; money in the account, of which a portfolio keeps no holdings, is left out. What the exchange refuses is a 409 with its reason, an exchange that can't be reached a 503."
            );
}
