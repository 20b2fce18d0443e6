using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Contracts.Trading;

/// <summary>What portfolios need of the ledger. All of the current user alone, inside the caller's transaction.</summary>
public interface ITradeLedger
{
    Task<bool> HasTradesAsync(Guid portfolioId, CancellationToken cancellationToken);

    /// <summary>Deletes a portfolio's trades, each with its entry in history.</summary>
    Task DeleteAllAsync(Guid portfolioId, CancellationToken cancellationToken);

    /// <summary>
    /// Works a position out anew, after its opening balance has changed. Refused (409 <c>insufficient_quantity</c>) when a trade that is not part of an import
    /// would sell more than is then held.
    /// </summary>
    Task<Result> ReplayAsync(Guid portfolioId, string coinId, CancellationToken cancellationToken);

    /// <summary>
    /// What was held at <paramref name="asOf"/>: opening balances and the trades up to and including that time, with averages in <paramref name="currency"/>, each
    /// cost converted at its own time. In or outside a transaction. Portfolios of others are left out.
    /// </summary>
    Task<IReadOnlyList<PastPosition>> PositionsAsOfAsync(
        IReadOnlyCollection<Guid> portfolioIds,
        DateTimeOffset asOf,
        string currency,
        CancellationToken cancellationToken
    );
}

/// <summary>A position of one portfolio at a time.</summary>
public sealed record PastPosition(Guid PortfolioId, Position Position);
