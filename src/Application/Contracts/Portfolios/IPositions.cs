namespace CryptoBeacon.Application.Contracts.Portfolios;

/// <summary>What the ledger needs of portfolios: whose and in what currency they are, and where its results go. All of the current user alone.</summary>
public interface IPositions
{
    /// <summary>Null: not there, or somebody else's. Inside a command the portfolio then stays until its transaction ends.</summary>
    Task<PortfolioTerms?> FindPortfolioAsync(Guid portfolioId, CancellationToken cancellationToken);

    /// <summary>All of the user's, the default one first.</summary>
    Task<IReadOnlyList<PortfolioTerms>> ListPortfoliosAsync(CancellationToken cancellationToken);

    /// <summary>The opening balances of these coins, or of all (null), by coin; those without one are absent.</summary>
    Task<IReadOnlyDictionary<string, OpeningBalance>> OpeningBalancesAsync(
        Guid portfolioId,
        IReadOnlyCollection<string>? coinIds,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Takes a position's lock until the transaction ends: whoever changes what a position follows from (trades, an opening balance) takes it first.
    /// </summary>
    Task LockAsync(Guid portfolioId, IReadOnlyCollection<string> coinIds, CancellationToken cancellationToken);

    /// <summary>Of these coins, or of all (null), by coin.</summary>
    Task<IReadOnlyDictionary<string, Position>> CurrentAsync(
        Guid portfolioId,
        IReadOnlyCollection<string>? coinIds,
        CancellationToken cancellationToken
    );

    /// <summary>Both at once: what these coins' positions are, and the opening balances that they build on.</summary>
    Task<PositionState> StateAsync(
        Guid portfolioId,
        IReadOnlyCollection<string> coinIds,
        CancellationToken cancellationToken
    );

    /// <summary>
    /// Stores positions as the ledger has worked them out; one with neither quantity nor shortfall goes. The portfolio gets a new version.
    /// </summary>
    Task StoreAsync(Guid portfolioId, IReadOnlyCollection<Position> positions, CancellationToken cancellationToken);
}

/// <param name="Currency">What the portfolio is valued in.</param>
/// <param name="CostBasisMethod">fifo, lifo, hifo or average.</param>
public sealed record PortfolioTerms(Guid Id, string Currency, string CostBasisMethod);

/// <summary>One lot that was there before the first trade, or at <paramref name="AcquiredAt"/>.</summary>
public sealed record OpeningBalance(string CoinId, decimal Quantity, decimal AvgBuyPrice, DateTimeOffset? AcquiredAt);

/// <param name="Quantity">Held, 0 or more.</param>
/// <param name="Shortfall">Sold without having been acquired, and not filled by acquisitions yet; 0 or more.</param>
/// <param name="AvgBuyPrice">Moving average in the portfolio's currency, fees left out; 0 when no cost is known.</param>
/// <param name="IsCostComplete">False when the average leaves out what was acquired at an unknown cost or rate.</param>
public sealed record Position(
    string CoinId,
    decimal Quantity,
    decimal Shortfall,
    decimal AvgBuyPrice,
    bool IsCostComplete = true
);

/// <summary>By coin; what there is none of is absent.</summary>
public sealed record PositionState(
    IReadOnlyDictionary<string, Position> Current,
    IReadOnlyDictionary<string, OpeningBalance> Openings
);
