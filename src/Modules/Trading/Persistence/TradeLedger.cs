using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

internal sealed class TradeLedger(
    IWriteDatabase database,
    IPositions positions,
    PositionKeeper keeper,
    Movements movements,
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
        await history.KeepAsync(TradeChange.Deleted, ids, cancellationToken);
        await database.ExecuteAsync(
            "delete from trading.trades where portfolio_id = @portfolioId",
            new { portfolioId },
            cancellationToken
        );
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
            if (await positions.FindPortfolioAsync(id, cancellationToken) is not { } portfolio)
            {
                continue;
            }

            var traded = await movements.UntilAsync(id, currency, asOf, cancellationToken);
            var opened = await OpeningsAsync(portfolio, traded, asOf, currency, cancellationToken);
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

    /// <summary>Opening balances that were there by then, each at the rate of its own time: before the first trade unless it is dated.</summary>
    private async Task<IReadOnlyList<Movement>> OpeningsAsync(
        PortfolioTerms portfolio,
        IReadOnlyList<Movement> traded,
        DateTimeOffset asOf,
        string currency,
        CancellationToken cancellationToken
    )
    {
        var openings = await positions.OpeningBalancesAsync(portfolio.Id, coinIds: null, cancellationToken);
        var opened = new List<Movement>();
        foreach (var lot in openings.Values.Where(lot => lot.AcquiredAt is null || lot.AcquiredAt <= asOf))
        {
            var at = lot.AcquiredAt ?? traded.FirstOrDefault(movement => movement.CoinId == lot.CoinId)?.At ?? asOf;
            var rate = await movements.RateAsync(portfolio.Currency, currency, at, cancellationToken);
            var cost = rate is { } known ? Exact.Estimate(lot.AvgBuyPrice, known) : null;
            opened.Add(Movement.Opening(lot.CoinId, lot.Quantity, cost, lot.AcquiredAt));
        }

        return opened;
    }
}
