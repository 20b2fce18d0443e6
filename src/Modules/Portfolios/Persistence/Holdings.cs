using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Persistence;

/// <summary>Portfolios with what they hold, and the rates to value it.</summary>
/// <param name="Currency">What the averages and the rates are in.</param>
internal sealed record PortfolioHoldings(
    IReadOnlyList<HoldingPortfolio> Portfolios,
    string Currency,
    IReadOnlyList<Holding> Holdings
);

internal sealed record HoldingPortfolio
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Its own, which need not be that of the valuation.</summary>
    public required string Currency { get; init; }

    public required bool IsDefault { get; init; }
}

/// <summary>
/// Reads holdings. Those of now, in their portfolio's own currency, are stored and come in one round trip with their rates. In another currency or of
/// another time they come from the ledger, since a cost converts at the time of its trade.
/// </summary>
internal sealed class Holdings(IReadDatabase database, ITradeLedger ledger, ICurrentUser user)
{
    /// <param name="portfolioId">Null: all of the user's.</param>
    /// <param name="currency">Null: the portfolio's; of all, the default portfolio's.</param>
    /// <param name="isPast">Whether <paramref name="at"/> was asked for, rather than being now.</param>
    public async Task<PortfolioHoldings> ReadAsync(
        Guid? portfolioId,
        string? currency,
        DateTimeOffset at,
        bool isPast,
        CancellationToken cancellationToken
    )
    {
        var (portfolios, stored) = await StoredAsync(portfolioId, currency, at, isPast, cancellationToken);
        currency ??=
            portfolios.FirstOrDefault(portfolio => portfolio.IsDefault || portfolio.Id == portfolioId)?.Currency
            ?? CryptoBeacon.Domain.Values.Currency.Default;

        var elsewhere = portfolios.Where(p => isPast || p.Currency != currency).Select(p => p.Id).ToArray();
        var replayed = elsewhere.Length == 0 ? [] : await ReplayedAsync(elsewhere, currency, at, cancellationToken);
        return new PortfolioHoldings(portfolios, currency, [.. stored, .. replayed]);
    }

    private Task<(IReadOnlyList<HoldingPortfolio>, IReadOnlyList<Holding>)> StoredAsync(
        Guid? portfolioId,
        string? currency,
        DateTimeOffset at,
        bool isPast,
        CancellationToken cancellationToken
    ) =>
        database.QueryMultipleAsync(
            """
            select id, name, currency, is_default
            from portfolios.portfolios
            where user_id = @userId and (@portfolioId::uuid is null or id = @portfolioId)
            order by id;

            with target as (
                select coalesce(@currency::text, currency) as currency
                from portfolios.portfolios
                where user_id = @userId and case when @portfolioId::uuid is null then is_default else id = @portfolioId end
            )
            select
                assets.portfolio_id, assets.coin_id, assets.quantity, assets.shortfall, assets.avg_buy_price, assets.is_cost_complete,
                rate.price, rate.as_of as price_as_of, rate.route, day_before.price as price_day_before
            from target
            join portfolios.portfolios on portfolios.user_id = @userId and portfolios.currency = target.currency
            join portfolios.assets on assets.user_id = @userId and assets.portfolio_id = portfolios.id
            left join lateral api_integration.rate_at(assets.coin_id, target.currency, @at) rate on true
            left join lateral api_integration.rate_at(assets.coin_id, target.currency, @at - interval '24 hours') day_before on true
            where not @isPast and (@portfolioId::uuid is null or portfolios.id = @portfolioId)
                and (assets.quantity > 0 or assets.shortfall > 0)
            order by assets.portfolio_id, assets.coin_id
            """,
            new
            {
                userId = user.Id,
                portfolioId,
                currency,
                at,
                isPast,
            },
            async results => (await results.ReadAsync<HoldingPortfolio>(), await results.ReadAsync<Holding>()),
            cancellationToken
        );

    private async Task<IReadOnlyList<Holding>> ReplayedAsync(
        Guid[] portfolioIds,
        string currency,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        var positions = await ledger.PositionsAsOfAsync(portfolioIds, at, currency, cancellationToken);
        return await database.QueryAsync<Holding>(
            """
            select
                held.portfolio_id, held.coin_id, held.quantity, held.shortfall,
                case when held.avg_buy_price > 0 or held.is_cost_complete then held.avg_buy_price end as avg_buy_price, held.is_cost_complete,
                rate.price, rate.as_of as price_as_of, rate.route, day_before.price as price_day_before
            from unnest(@ids, @coinIds, @quantities, @shortfalls, @averages, @complete)
                as held (portfolio_id, coin_id, quantity, shortfall, avg_buy_price, is_cost_complete)
            left join lateral api_integration.rate_at(held.coin_id, @currency, @at) rate on true
            left join lateral api_integration.rate_at(held.coin_id, @currency, @at - interval '24 hours') day_before on true
            order by held.portfolio_id, held.coin_id
            """,
            new
            {
                currency,
                at,
                ids = positions.Select(p => p.PortfolioId).ToArray(),
                coinIds = positions.Select(p => p.Position.CoinId).ToArray(),
                quantities = positions.Select(p => p.Position.Quantity).ToArray(),
                shortfalls = positions.Select(p => p.Position.Shortfall).ToArray(),
                averages = positions.Select(p => p.Position.AvgBuyPrice).ToArray(),
                complete = positions.Select(p => p.Position.IsCostComplete).ToArray(),
            },
            cancellationToken
        );
    }
}
