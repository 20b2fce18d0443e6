using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Features;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>Opening balances as the deposits that they are to a ledger which begins with nothing: what an export writes of them.</summary>
internal sealed class OpeningDeposits(IReadDatabase database)
{
    /// <summary>In the order of time: dated ones at their date, the others just before the first trade of their coin.</summary>
    public async Task<IReadOnlyList<TradeDto>> ReadAsync(TradeFilter filter, CancellationToken cancellationToken)
    {
        // An opening balance has none of what these ask for.
        if (filter is not { Exchange: null, Tag: null, ImportId: null, Type: null or "deposit" })
        {
            return [];
        }

        var lots = await database.QueryAsync<Row>(
            """
            select lot.*
            from (
                select opening.portfolio_id, opening.coin_id, opening.quantity, opening.avg_buy_price, opening.currency, opening.acquired_at,
                    greatest(@earliest, coalesce(opening.acquired_at, first.at - interval '1 microsecond', opening.created_at)) as at
                from portfolios.opening_lots() opening
                cross join lateral (
                    select least(
                        (
                            select min("timestamp") from trading.trades
                            where portfolio_id = opening.portfolio_id and coin_id = opening.coin_id
                        ),
                        (
                            select min("timestamp") from trading.trades
                            where portfolio_id = opening.portfolio_id and fee_coin_id = opening.coin_id and deduct_fees
                        )) as at
                ) first
                where (@portfolioId::uuid is null or opening.portfolio_id = @portfolioId)
                    and (@coinId::text is null or opening.coin_id = @coinId)
            ) lot
            where lot.at >= @from and lot.at < @to
            order by lot.at, lot.portfolio_id, lot.coin_id
            """,
            new
            {
                earliest = TradeInputValidator.Earliest,
                portfolioId = filter.PortfolioId,
                coinId = filter.CoinId,
                from = filter.Start,
                to = filter.End,
            },
            cancellationToken
        );
        return [.. lots.Select(lot => lot.ToDeposit())];
    }

    private sealed record Row
    {
        public required Guid PortfolioId { get; init; }

        public required string CoinId { get; init; }

        public required decimal Quantity { get; init; }

        public required decimal AvgBuyPrice { get; init; }

        public required string Currency { get; init; }

        public DateTimeOffset? AcquiredAt { get; init; }

        public required DateTimeOffset At { get; init; }

        public TradeDto ToDeposit() =>
            new()
            {
                Id = Guid.Empty,
                PortfolioId = PortfolioId,
                CoinId = CoinId,
                Type = TradeType.Deposit,
                Quantity = Quantity,
                Price = AvgBuyPrice,
                TotalValue = Exact.Multiply(Quantity, AvgBuyPrice),
                Currency = Currency,
                Fee = 0,
                FeeCurrency = Currency,
                DeductFees = false,
                Timestamp = At,
                AcquiredAt = AcquiredAt,
            };
    }
}
