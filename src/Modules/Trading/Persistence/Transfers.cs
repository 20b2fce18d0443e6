using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>The portfolios that transfers of a coin connect: what arrives without a price costs what it cost where it came from.</summary>
internal sealed class Transfers(IReadDatabase database, IPositions positions, PricedMovements movements)
{
    /// <summary>Gives the deposits of transfers their cost; everything else is left as it is.</summary>
    public async Task<IReadOnlyList<Movement>> CarryCostsAsync(
        Guid portfolioId,
        string currency,
        IReadOnlyList<Movement> ledger,
        CancellationToken cancellationToken
    )
    {
        var coinIds = ledger.Where(TransferredCosts.IsArrival).Select(movement => movement.CoinId).Distinct().ToArray();
        if (coinIds.Length == 0)
        {
            return ledger;
        }

        var until = ledger.Max(movement => movement.At);
        var connected = new List<(Guid PortfolioId, Movement Movement)>();
        foreach (var source in await SourcesAsync(portfolioId, coinIds, cancellationToken))
        {
            var traded = await movements.ReadAsync(
                source,
                currency,
                coinIds,
                DateTimeOffset.MinValue,
                until,
                cancellationToken
            );
            var opened = await OpeningsAsync(source, currency, coinIds, traded, until, cancellationToken);
            connected.AddRange(opened.Concat(traded).Select(movement => (source, movement)));
        }

        var costs = connected.GroupBy(entry => entry.Movement.CoinId).SelectMany(TransferredCosts.Of).ToDictionary();
        return
        [
            .. ledger.Select(movement =>
                TransferredCosts.IsArrival(movement) && costs.TryGetValue(movement.TradeId, out var cost)
                    ? movement with
                    {
                        UnitPrice = cost,
                    }
                    : movement
            ),
        ];
    }

    /// <summary>Whether the cost of some of these coins is to be found in other ledgers.</summary>
    public Task<bool> BringCostsAsync(
        Guid portfolioId,
        IReadOnlyCollection<string> coinIds,
        CancellationToken cancellationToken
    ) =>
        database.QuerySingleOrDefaultAsync<bool>(
            """
            select exists (
                select from trading.trades
                where portfolio_id = @portfolioId and coin_id = any(@coinIds) and type = 'deposit'
                    and link_id is not null and price_basis = 'unknown')
            """,
            new { portfolioId, coinIds = coinIds.ToArray() },
            cancellationToken
        );

    /// <summary>Opening balances that were there by a time, each at the rate of its own: before the first trade unless it is dated.</summary>
    public async Task<IReadOnlyList<Movement>> OpeningsAsync(
        Guid portfolioId,
        string currency,
        IReadOnlyCollection<string>? coinIds,
        IReadOnlyList<Movement> traded,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        if (await positions.FindPortfolioAsync(portfolioId, cancellationToken) is not { } portfolio)
        {
            return [];
        }

        var opened = new List<Movement>();
        var lots = await positions.OpeningBalancesAsync(portfolioId, coinIds, cancellationToken);
        foreach (var lot in lots.Values.Where(lot => lot.AcquiredAt is null || lot.AcquiredAt <= until))
        {
            var at = lot.AcquiredAt ?? traded.FirstOrDefault(movement => movement.CoinId == lot.CoinId)?.At ?? until;
            var rate = await movements.RateAsync(portfolio.Currency, currency, at, cancellationToken);
            var cost = rate is { } known ? Exact.Estimate(lot.AvgBuyPrice, known) : null;
            opened.Add(Movement.Opening(lot.CoinId, lot.Quantity, cost, lot.AcquiredAt));
        }

        return opened;
    }

    /// <summary>Where what a change of a portfolio's ledgers has sent has arrived without a price of its own, and from there again.</summary>
    /// <param name="links">Of transfers that the change has undone.</param>
    public Task<IReadOnlyList<Destination>> DestinationsAsync(
        Guid portfolioId,
        IReadOnlyCollection<string> coinIds,
        IReadOnlyCollection<string> links,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync<Destination>(
            """
            with recursive arrived as (
                select portfolio_id, coin_id
                from trading.trades
                where link_id = any(@links) and type = 'deposit' and price_basis = 'unknown'
                union
                select deposit.portfolio_id, deposit.coin_id
                from (select @portfolioId as portfolio_id, unnest(@coinIds) as coin_id union select portfolio_id, coin_id from arrived) source
                join trading.trades withdrawal
                    on withdrawal.portfolio_id = source.portfolio_id and withdrawal.coin_id = source.coin_id
                    and withdrawal.type = 'withdrawal' and withdrawal.link_id is not null
                join trading.trades deposit
                    on deposit.user_id = withdrawal.user_id and deposit.link_id = withdrawal.link_id
                    and deposit.coin_id = withdrawal.coin_id and deposit.type = 'deposit' and deposit.price_basis = 'unknown'
            )
            select portfolio_id, coin_id
            from arrived
            where portfolio_id <> @portfolioId or coin_id <> all(@coinIds)
            order by portfolio_id, coin_id
            """,
            new
            {
                portfolioId,
                coinIds = coinIds.ToArray(),
                links = links.ToArray(),
            },
            cancellationToken
        );

    /// <summary>The portfolio itself and all from which these coins came to it.</summary>
    private Task<IReadOnlyList<Guid>> SourcesAsync(
        Guid portfolioId,
        string[] coinIds,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync<Guid>(
            """
            with recursive sources as (
                select @portfolioId as portfolio_id
                union
                select withdrawal.portfolio_id
                from sources
                join trading.trades deposit
                    on deposit.portfolio_id = sources.portfolio_id and deposit.coin_id = any(@coinIds)
                    and deposit.type = 'deposit' and deposit.link_id is not null
                join trading.trades withdrawal
                    on withdrawal.user_id = deposit.user_id and withdrawal.link_id = deposit.link_id
                    and withdrawal.coin_id = deposit.coin_id and withdrawal.type = 'withdrawal'
            )
            select portfolio_id from sources
            """,
            new { portfolioId, coinIds },
            cancellationToken
        );

    internal sealed record Destination
    {
        public required Guid PortfolioId { get; init; }

        public required string CoinId { get; init; }
    }
}
