using System.Runtime.CompilerServices;
using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Domain.Lots;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>Whose lots are asked for, in what currency and by which method.</summary>
/// <param name="PortfolioId">Null: all of the user's.</param>
/// <param name="Methods">By portfolio, the default one first: of the one asked for, and of those with which lots travel.</param>
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
        return portfolioId is { } id && portfolios.All(portfolio => portfolio.Id != id)
            ? TradeErrors.NoPortfolio
            : await ScopeAsync(portfolios, portfolioId, currency, method, cancellationToken);
    }

    /// <param name="portfolioId">Null: the default one.</param>
    public async Task<Result<LotScope>> FindOneAsync(Guid? portfolioId, CancellationToken cancellationToken)
    {
        var portfolios = await positions.ListPortfoliosAsync(cancellationToken);
        return portfolios.FirstOrDefault(portfolio => portfolioId is null || portfolio.Id == portfolioId) is { } one
            ? await ScopeAsync(portfolios, one.Id, currency: null, method: null, cancellationToken)
            : TradeErrors.NoPortfolio;
    }

    private async Task<LotScope> ScopeAsync(
        IReadOnlyList<PortfolioTerms> portfolios,
        Guid? portfolioId,
        string? currency,
        string? method,
        CancellationToken cancellationToken
    )
    {
        var asked = portfolios.FirstOrDefault(portfolio => portfolioId is null || portfolio.Id == portfolioId);
        var played = portfolioId is { } id
            ? await reader.ConnectedAsync(id, cancellationToken)
            : portfolios.Select(portfolio => portfolio.Id).ToHashSet();
        return new LotScope(
            portfolioId,
            currency ?? asked?.Currency ?? Currency.Default,
            new OrderedDictionary<Guid, CostBasisMethod>(
                portfolios
                    .Where(portfolio => played.Contains(portfolio.Id))
                    .Select(portfolio =>
                        KeyValuePair.Create(
                            portfolio.Id,
                            WireName.Parse<CostBasisMethod>(method ?? portfolio.CostBasisMethod)
                        )
                    )
            )
        );
    }

    /// <summary>What one unit of coins is worth; those without a rate are absent.</summary>
    public Task<IReadOnlyDictionary<string, decimal?>> PricesAsync(
        LotScope scope,
        IReadOnlyCollection<string> coinIds,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) => reader.PricesAsync(coinIds, scope.Currency, at, scope.Rates, cancellationToken);

    /// <summary>
    /// Plays everything up to a time into a book. Moves are those of connected portfolios, too, that were not asked for; a list is valid until the next.
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
    ) => reader.ReadAsync([.. scope.Methods.Keys], scope.Currency, coinId, until, scope.Rates, cancellationToken);
}
