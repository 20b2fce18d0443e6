using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>The other legs of swaps and transfers, as the ledger has them.</summary>
internal sealed class LinkedTrades(IWriteDatabase database, IRepository<Trade> trades, ICurrentUser user)
{
    /// <summary>Two legs that come at the same moment wait for each other. Taken before the locks of positions.</summary>
    public Task LockAsync(IEnumerable<string?> linkIds, CancellationToken cancellationToken) =>
        database.LockAsync(linkIds.OfType<string>().Select(linkId => $"link:{user.Id}:{linkId}"), cancellationToken);

    /// <param name="except">A trade that is about to be changed.</param>
    public async Task<IReadOnlyList<TradeTerms>> FindAsync(
        IEnumerable<string?> linkIds,
        Guid? except,
        CancellationToken cancellationToken
    )
    {
        var legs = await ListAsync(linkIds, cancellationToken);
        return [.. legs.Where(leg => leg.Id != except).Select(leg => leg.ToTerms())];
    }

    /// <summary>The legs that one portfolio has.</summary>
    public async Task<IReadOnlyList<Trade>> FindAsync(
        Guid portfolioId,
        IEnumerable<string?> linkIds,
        CancellationToken cancellationToken
    ) => [.. (await ListAsync(linkIds, cancellationToken)).Where(leg => leg.PortfolioId == portfolioId)];

    private async Task<IReadOnlyList<Trade>> ListAsync(
        IEnumerable<string?> linkIds,
        CancellationToken cancellationToken
    )
    {
        var ids = linkIds.OfType<string>().Distinct().ToArray();
        return ids.Length == 0 ? [] : await trades.ListAsync(new TradeSpecs.Linked(user.Id, ids), cancellationToken);
    }
}
