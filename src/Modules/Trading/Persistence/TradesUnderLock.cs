using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>A trade that nobody else can change before the transaction ends, since its position is locked.</summary>
internal sealed record LockedTrade(Trade Trade, PortfolioTerms Portfolio);

/// <summary>Loads trades to be changed: the position's lock first, then the row, so that what is read stays true.</summary>
internal sealed class TradesUnderLock(
    IWriteDatabase database,
    IRepository<Trade> trades,
    IPositions positions,
    LinkedTrades linked
)
{
    /// <param name="otherCoinIds">More positions that the change may touch.</param>
    /// <param name="otherLinkId">Another link that it may get.</param>
    public async Task<Result<LockedTrade>> LoadAsync(
        Guid id,
        IEnumerable<string?> otherCoinIds,
        string? otherLinkId,
        IfMatch ifMatch,
        CancellationToken cancellationToken
    )
    {
        var whereabouts = await database.QueryAsync<Whereabouts>(
            """
            select portfolio_id, coin_id, link_id, coalesce(fee_coin_id, api_integration.coin_of_currency(fee_currency)) as fee_coin_id
            from trading.trades
            where id = @id
            """,
            new { id },
            cancellationToken
        );
        if (
            whereabouts is not [var where]
            || await positions.FindPortfolioAsync(where.PortfolioId, cancellationToken) is not { } portfolio
        )
        {
            return TradeErrors.NoTrade;
        }

        string?[] linkIds = [where.LinkId, otherLinkId];
        await linked.LockAsync(linkIds, cancellationToken);
        var legs = await linked.FindAsync(portfolio.Id, linkIds, cancellationToken);
        string[] coinIds =
        [
            where.CoinId,
            .. otherCoinIds.Append(where.FeeCoinId).OfType<string>(),
            .. legs.Select(leg => leg.CoinId),
        ];
        await positions.LockAsync(portfolio.Id, coinIds, cancellationToken);
        if (await trades.FirstOrDefaultAsync(new TradeSpecs.ById(id), cancellationToken) is not { } trade)
        {
            return TradeErrors.NoTrade;
        }

        if (!ifMatch.Matches(trade.Version))
        {
            return Error.PreconditionFailed;
        }

        // Moved to another coin while we waited: the wrong position is locked.
        return trade.Movements.All(movement => coinIds.Contains(movement.CoinId))
            ? new LockedTrade(trade, portfolio)
            : TradeErrors.ConcurrentChange;
    }

    private sealed record Whereabouts
    {
        public required Guid PortfolioId { get; init; }

        public required string CoinId { get; init; }

        public string? FeeCoinId { get; init; }

        public string? LinkId { get; init; }
    }
}
