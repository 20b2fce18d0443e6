using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>The ledger as a replay sees it: movements in its order, in one currency, each with what it cost.</summary>
internal sealed class Movements(PricedMovements movements, Transfers transfers)
{
    /// <summary>Those of some positions from a time on, in the portfolio's currency.</summary>
    public async Task<IReadOnlyList<Movement>> SinceAsync(
        PortfolioTerms portfolio,
        IReadOnlyCollection<string> coinIds,
        DateTimeOffset from,
        CancellationToken cancellationToken
    )
    {
        var ledger = await movements.ReadAsync(
            portfolio.Id,
            portfolio.Currency,
            coinIds,
            from,
            DateTimeOffset.MaxValue,
            cancellationToken
        );
        return await transfers.CarryCostsAsync(portfolio.Id, portfolio.Currency, ledger, cancellationToken);
    }

    /// <summary>All of some positions, coin by coin, where no transfer brings a cost from elsewhere.</summary>
    public IAsyncEnumerable<Movement> StreamAsync(
        PortfolioTerms portfolio,
        IReadOnlyCollection<string> coinIds,
        CancellationToken cancellationToken
    ) => movements.StreamAsync(portfolio.Id, portfolio.Currency, coinIds, cancellationToken);

    /// <summary>Those of a whole portfolio up to and including a time.</summary>
    public async Task<IReadOnlyList<Movement>> UntilAsync(
        Guid portfolioId,
        string currency,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var ledger = await movements.ReadAsync(
            portfolioId,
            currency,
            coinIds: null,
            DateTimeOffset.MinValue,
            to,
            cancellationToken
        );
        return await transfers.CarryCostsAsync(portfolioId, currency, ledger, cancellationToken);
    }
}
