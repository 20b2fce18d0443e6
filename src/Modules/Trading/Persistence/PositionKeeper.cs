using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>
/// Makes positions follow the ledger, in the transaction that changed it. Whoever calls holds the locks of the positions.
/// </summary>
internal sealed class PositionKeeper(IPositions positions, Movements movements, Transfers transfers)
{
    /// <summary>Settles changes that are stored already; refused, and then rolled back with their command, where one sells what is not held.</summary>
    public async Task<Result> SettleAsync(
        IReadOnlyCollection<(PortfolioTerms Portfolio, LedgerChange Change)> changes,
        CancellationToken cancellationToken
    )
    {
        foreach (var (portfolio, change) in changes)
        {
            var settled = await SettleAsync(portfolio, change, cancellationToken);
            if (!settled.IsSuccess)
            {
                return settled;
            }
        }

        // Not before all are settled: what is appended builds on positions as they were.
        foreach (var (portfolio, change) in changes)
        {
            var undone = change.Removed.Select(movement => movement.Link).OfType<string>().ToArray();
            await FollowAsync(portfolio.Id, change.CoinIds, undone, cancellationToken);
        }

        return Result.Success;
    }

    private async Task<Result> SettleAsync(
        PortfolioTerms portfolio,
        LedgerChange change,
        CancellationToken cancellationToken
    ) =>
        change.Removed.Count == 0 && await TryAppendAsync(portfolio, change, cancellationToken) is { } outcome
            ? outcome
            : await WorkOutAsync(
                portfolio,
                change.CoinIds,
                (coinId, after) =>
                    PositionReplay.FirstShortage(change.Undo(coinId, after), after) is { } shortage
                        ? TradeErrors.Insufficient(shortage)
                        : null,
                cancellationToken
            );

    /// <summary>Works those positions out anew to which a change has brought another cost: what was sent there keeps the cost that it had here.</summary>
    /// <param name="links">Of transfers that the change has undone.</param>
    public async Task FollowAsync(
        Guid portfolioId,
        IReadOnlyCollection<string> coinIds,
        IReadOnlyCollection<string> links,
        CancellationToken cancellationToken
    )
    {
        var destinations = await transfers.DestinationsAsync(portfolioId, coinIds, links, cancellationToken);
        foreach (var destination in destinations.GroupBy(there => there.PortfolioId, there => there.CoinId))
        {
            if (await positions.FindPortfolioAsync(destination.Key, cancellationToken) is { } portfolio)
            {
                await positions.LockAsync(portfolio.Id, [.. destination], cancellationToken);
                // Quantities stay as they are.
                await WorkOutAsync(portfolio, [.. destination], (_, _) => null, cancellationToken);
            }
        }
    }

    /// <summary>Works positions out anew from all their trades and stores them, unless one of their ledgers is refused.</summary>
    public async Task<Result> ReplayAsync(
        PortfolioTerms portfolio,
        IReadOnlyCollection<string> coinIds,
        Func<string, Movement[], Error?> refuse,
        CancellationToken cancellationToken
    )
    {
        var settled = await WorkOutAsync(portfolio, coinIds, refuse, cancellationToken);
        if (settled.IsSuccess)
        {
            await FollowAsync(portfolio.Id, coinIds, links: [], cancellationToken);
        }

        return settled;
    }

    /// <summary>Works positions out anew from all their trades, of any number, and stores them: an import records what it can't bear as a shortfall.</summary>
    public async Task<Result> ReplayAsync(
        PortfolioTerms portfolio,
        IReadOnlyCollection<string> coinIds,
        CancellationToken cancellationToken
    )
    {
        if (await transfers.BringCostsAsync(portfolio.Id, coinIds, cancellationToken))
        {
            return await ReplayAsync(portfolio, coinIds, (_, _) => null, cancellationToken);
        }

        var openings = await positions.OpeningBalancesAsync(portfolio.Id, coinIds, cancellationToken);
        var stream = new PositionStream(openings.Values.Select(ToMovement));
        var traded = movements.StreamAsync(portfolio, coinIds, cancellationToken);
        await foreach (
            var movement in traded.Concat(stream.Waiting.ToAsyncEnumerable()).WithCancellation(cancellationToken)
        )
        {
            if (!stream.Play(movement))
            {
                return TradeErrors.PositionTooLarge(movement.CoinId);
            }
        }

        var settled = coinIds.Select(coinId =>
            ToPosition(coinId, stream.Holdings.GetValueOrDefault(coinId, Holding.Nothing))
        );
        await positions.StoreAsync(portfolio.Id, [.. settled], cancellationToken);
        await FollowAsync(portfolio.Id, coinIds, links: [], cancellationToken);
        return Result.Success;
    }

    private async Task<Result> WorkOutAsync(
        PortfolioTerms portfolio,
        IReadOnlyCollection<string> coinIds,
        Func<string, Movement[], Error?> refuse,
        CancellationToken cancellationToken
    )
    {
        var ledgers = await LedgersAsync(portfolio, coinIds, cancellationToken);
        var settled = new List<Position>();
        foreach (var coinId in coinIds)
        {
            var ledger = ledgers[coinId];
            if (PositionReplay.Run(ledger) is not { } holding)
            {
                return TradeErrors.PositionTooLarge(coinId);
            }

            if (refuse(coinId, ledger) is { } refusal)
            {
                return refusal;
            }

            settled.Add(ToPosition(coinId, holding));
        }

        await positions.StoreAsync(portfolio.Id, settled, cancellationToken);
        return Result.Success;
    }

    /// <summary>All movements of each of these coins, opening balances included, in the ledger's order.</summary>
    public async Task<IReadOnlyDictionary<string, Movement[]>> LedgersAsync(
        PortfolioTerms portfolio,
        IReadOnlyCollection<string> coinIds,
        CancellationToken cancellationToken
    )
    {
        var openings = await positions.OpeningBalancesAsync(portfolio.Id, coinIds, cancellationToken);
        var traded = await movements.SinceAsync(portfolio, coinIds, DateTimeOffset.MinValue, cancellationToken);
        var byCoin = openings.Values.Select(ToMovement).Concat(traded).ToLookup(movement => movement.CoinId);
        return coinIds.ToDictionary(coinId => coinId, coinId => byCoin[coinId].Order().ToArray());
    }

    /// <summary>
    /// Trades newer than all others of their positions are so many steps on from what is stored: the ledger need not be read. Null where
    /// only a replay can tell.
    /// </summary>
    private async Task<Result?> TryAppendAsync(
        PortfolioTerms portfolio,
        LedgerChange change,
        CancellationToken cancellationToken
    )
    {
        var since = change.Added.Min(movement => movement.At);
        var tail = await movements.SinceAsync(portfolio, change.CoinIds, since, cancellationToken);
        var (current, openings) = await positions.StateAsync(portfolio.Id, change.CoinIds, cancellationToken);
        if (
            tail.Count != change.Added.Count
            || openings.Values.Any(lot => lot.AcquiredAt > since)
            // What its average leaves out is not stored.
            || current.Values.Any(position => !position.IsCostComplete)
        )
        {
            return null;
        }

        var settled = new List<Position>();
        foreach (var coin in tail.GroupBy(movement => movement.CoinId))
        {
            var before = current.GetValueOrDefault(coin.Key) is { } position
                ? Holding.OfKnownCost(position.Quantity - position.Shortfall, position.AvgBuyPrice)
                : Holding.Nothing;
            var after = before;
            foreach (var movement in coin)
            {
                if (after.After(movement) is not { } next)
                {
                    return (Result)TradeErrors.PositionTooLarge(coin.Key);
                }

                after = next;
                if (after.Balance < Math.Min(0, before.Balance))
                {
                    return (Result)TradeErrors.Insufficient(movement);
                }
            }

            settled.Add(ToPosition(coin.Key, after));
        }

        await positions.StoreAsync(portfolio.Id, settled, cancellationToken);
        return Result.Success;
    }

    private static Movement ToMovement(OpeningBalance lot) =>
        Movement.Opening(lot.CoinId, lot.Quantity, lot.AvgBuyPrice, lot.AcquiredAt);

    public static Position ToPosition(string coinId, Holding holding) =>
        new(coinId, holding.Quantity, holding.Shortfall, holding.Average ?? 0, holding.IsCostComplete);
}
