using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

internal sealed class TradeLedger(
    IWriteDatabase database,
    IPositions positions,
    PositionKeeper keeper,
    Movements movements,
    Transfers transfers,
    TradeHistory history
) : ITradeLedger
{
    public async Task<bool> HasTradesAsync(Guid portfolioId, CancellationToken cancellationToken) =>
        (
            await database.QueryAsync<bool>(
                "select exists (select from trading.trades where portfolio_id = @portfolioId)",
                new { portfolioId },
                cancellationToken
            )
        )[0];

    public async Task DeleteAllAsync(Guid portfolioId, CancellationToken cancellationToken)
    {
        var ids = await database.QueryAsync<Guid>(
            "select id from trading.trades where portfolio_id = @portfolioId for update",
            new { portfolioId },
            cancellationToken
        );
        var links = await database.QueryAsync<string>(
            "select link_id from trading.trades where portfolio_id = @portfolioId and type = 'withdrawal' and link_id is not null",
            new { portfolioId },
            cancellationToken
        );
        await history.KeepAsync(TradeChange.Deleted, ids, cancellationToken);
        await database.ExecuteAsync(
            "delete from trading.trades where portfolio_id = @portfolioId",
            new { portfolioId },
            cancellationToken
        );
        await keeper.FollowAsync(portfolioId, coinIds: [], links, cancellationToken);
    }

    public async Task<Result> ReplayAsync(Guid portfolioId, string coinId, CancellationToken cancellationToken)
    {
        if (await positions.FindPortfolioAsync(portfolioId, cancellationToken) is not { } portfolio)
        {
            return TradeErrors.NoPortfolio;
        }

        return await keeper.ReplayAsync(
            portfolio,
            [coinId],
            (_, ledger) =>
                PositionReplay.FirstManualShortage(ledger) is { } shortage ? TradeErrors.Insufficient(shortage) : null,
            cancellationToken
        );
    }

    public async Task<IReadOnlyList<PastPosition>> PositionsAsOfAsync(
        IReadOnlyCollection<Guid> portfolioIds,
        DateTimeOffset asOf,
        string currency,
        CancellationToken cancellationToken
    )
    {
        var past = new List<PastPosition>();
        foreach (var id in portfolioIds)
        {
            var traded = await movements.UntilAsync(id, currency, asOf, cancellationToken);
            var opened = await transfers.OpeningsAsync(id, currency, coinIds: null, traded, asOf, cancellationToken);
            past.AddRange(
                opened
                    .Concat(traded)
                    .GroupBy(movement => movement.CoinId)
                    .Select(coin => (CoinId: coin.Key, Holding: PositionReplay.Run(coin.Order())))
                    // What was stored fits: it was replayed when it was.
                    .Select(coin => new PastPosition(id, PositionKeeper.ToPosition(coin.CoinId, coin.Holding!)))
                    .Where(position => position.Position is { Quantity: > 0 } or { Shortfall: > 0 })
            );
        }

        return past;
    }
}
