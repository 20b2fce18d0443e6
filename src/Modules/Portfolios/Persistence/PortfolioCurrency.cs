using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Persistence;

/// <summary>What follows from a portfolio's new currency: its averages are costs, and costs convert at the time of each trade.</summary>
internal sealed class PortfolioCurrency(IWriteDatabase database, Positions positions, ITradeLedger ledger)
{
    /// <summary>Works all positions out anew. Opening balances stand in the way: their cost was given in the old currency.</summary>
    public async Task<Result> RestateAsync(Guid portfolioId, CancellationToken cancellationToken)
    {
        var coins = await database.QueryAsync<Coin>(
            """
            select coin_id, false as has_opening_balance from portfolios.portfolio_assets where portfolio_id = @portfolioId
            union all
            select coin_id, true from portfolios.opening_balances where portfolio_id = @portfolioId
            """,
            new { portfolioId },
            cancellationToken
        );
        if (coins.Any(coin => coin.HasOpeningBalance))
        {
            return PortfolioErrors.HasOpeningBalances;
        }

        await positions.LockAsync(portfolioId, [.. coins.Select(coin => coin.CoinId)], cancellationToken);
        foreach (var coin in coins)
        {
            var replayed = await ledger.ReplayAsync(portfolioId, coin.CoinId, cancellationToken);
            if (!replayed.IsSuccess)
            {
                return replayed;
            }
        }

        return Result.Success;
    }

    private sealed record Coin
    {
        public required string CoinId { get; init; }

        public required bool HasOpeningBalance { get; init; }
    }
}
