using System.Runtime.CompilerServices;
using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Domain.Lots;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>Whose lots are asked for, in what currency and by which method.</summary>
/// <param name="PortfolioId">Null: all of the user's.</param>
/// <param name="Methods">By portfolio, the default one first. All of them are played, since lots travel between them.</param>
internal sealed record LotScope(Guid? PortfolioId, string Currency, IReadOnlyDictionary<Guid, CostBasisMethod> Methods)
{
    /// <summary>Null where the portfolios asked for differ.</summary>
    public CostBasisMethod? Method =>
        Methods.Where(method => Includes(method.Key)).Select(method => method.Value).Distinct().ToArray() is [var one]
            ? one
            : null;

    public RatesUsed Rates { get; } = new(Currency);

    public bool Includes(Guid portfolioId) => PortfolioId is null || PortfolioId == portfolioId;

    public LotBook NewBook() => new(portfolioId => Methods[portfolioId]);
}

/// <summary>Plays the ledger into lots for whoever asks.</summary>
internal sealed class LotAccounts(IPositions positions, LotReader reader)
{
    /// <param name="portfolioId">Null: all of the user's, each by its own method unless one is named.</param>
    /// <param name="currency">Null: the portfolio's; of all, the default one's.</param>
    /// <param name="method">Validated; null: the portfolio's.</param>
    public async Task<Result<LotScope>> FindAsync(
        Guid? portfolioId,
        string? currency,
        string? method,
        CancellationToken cancellationToken
    )
    {
        var portfolios = await positions.ListPortfoliosAsync(cancellationToken);
        var asked = portfolios.FirstOrDefault(portfolio => portfolioId is null || portfolio.Id == portfolioId);
        return asked is null && portfolioId is not null
            ? TradeErrors.NoPortfolio
            : new LotScope(
                portfolioId,
                currency ?? asked?.Currency ?? Currency.Default,
                new OrderedDictionary<Guid, CostBasisMethod>(
                    portfolios.Select(portfolio =>
                        KeyValuePair.Create(
                            portfolio.Id,
                            WireName.Parse<CostBasisMethod>(method ?? portfolio.CostBasisMethod)
                        )
                    )
                )
            );
    }

    /// <param name="portfolioId">Null: the default one.</param>
    public async Task<Result<LotScope>> FindOneAsync(Guid? portfolioId, CancellationToken cancellationToken)
    {
        var found = await FindAsync(portfolioId, currency: null, method: null, cancellationToken);
        return !found.IsSuccess || portfolioId is not null ? found
            : found.Value.Methods.Count == 0 ? TradeErrors.NoPortfolio
            // The default one stands first.
            : found.Value with { PortfolioId = found.Value.Methods.Keys.First() };
    }

    /// <summary>What one unit of coins is worth; those without a rate are absent.</summary>
    public Task<IReadOnlyDictionary<string, decimal?>> PricesAsync(
        LotScope scope,
        IReadOnlyCollection<string> coinIds,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) => reader.PricesAsync(coinIds, scope.Currency, at, scope.Rates, cancellationToken);

    /// <summary>
    /// Plays everything up to a time into a book. Moves are those of one's own portfolios, too, that were not asked for; a list is valid until the next.
    /// </summary>
    /// <returns>Each entry with what it moves; at the end, without an entry, what nothing covers.</returns>
    public async IAsyncEnumerable<(LotEntry? Entry, IReadOnlyList<LotMove> Moves)> PlayAsync(
        LotScope scope,
        LotBook book,
        string? coinId,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var entry in EntriesAsync(scope, coinId, until, cancellationToken))
        {
            yield return (entry, book.Play(entry));
        }

        yield return (null, book.Close());
    }

    /// <summary>The ledger up to a time, in its order.</summary>
    public IAsyncEnumerable<LotEntry> EntriesAsync(
        LotScope scope,
        string? coinId,
        DateTimeOffset until,
        CancellationToken cancellationToken
    ) => reader.ReadAsync(scope.Currency, coinId, until, scope.Rates, cancellationToken);
}
