using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>The ledger as a replay sees it: movements in its order, each priced in one currency at its own time.</summary>
internal sealed class Movements(IReadDatabase database)
{
    /// <summary>Those of some positions from a time on, in the portfolio's currency.</summary>
    public Task<IReadOnlyList<Movement>> SinceAsync(
        PortfolioTerms portfolio,
        IReadOnlyCollection<string> coinIds,
        DateTimeOffset from,
        CancellationToken cancellationToken
    ) => ReadAsync(portfolio.Id, portfolio.Currency, coinIds, from, DateTimeOffset.MaxValue, cancellationToken);

    /// <summary>Those of a whole portfolio up to and including a time.</summary>
    public Task<IReadOnlyList<Movement>> UntilAsync(
        Guid portfolioId,
        string currency,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) => ReadAsync(portfolioId, currency, coinIds: null, DateTimeOffset.MinValue, to, cancellationToken);

    /// <summary>What one unit of a currency cost in another then; null where no rate is known.</summary>
    public async Task<decimal?> RateAsync(string of, string currency, DateTimeOffset at, CancellationToken cancellationToken) =>
        of == currency
            ? 1
            : await database.QuerySingleOrDefaultAsync<decimal?>(
                "select price from api_integration.rate_at(api_integration.coin_of_currency(@of), @currency, @at)",
                new
                {
                    of,
                    currency,
                    at,
                },
                cancellationToken
            );

    private async Task<IReadOnlyList<Movement>> ReadAsync(
        Guid portfolioId,
        string currency,
        IReadOnlyCollection<string>? coinIds,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<Row>(
            // Only what comes in moves an average, so only there a rate is looked up.
            """
            select t.id, t.coin_id, t.type, t.quantity, t.price, t."timestamp", t.import_id is not null as is_imported,
                case when t.fee_in_coin then t.fee else 0 end as fee_in_coin,
                t.currency = @currency as is_in_currency, rate.price as rate
            from trading.trades t
            left join lateral api_integration.rate_at(api_integration.coin_of_currency(t.currency), @currency, t."timestamp") rate
                on t.currency <> @currency and t.type in ('buy', 'deposit', 'income')
            where t.portfolio_id = @portfolioId and (@coinIds::text[] is null or t.coin_id = any(@coinIds))
                and t."timestamp" between @from and @to
            """,
            new
            {
                portfolioId,
                currency,
                coinIds = coinIds?.ToArray(),
                from,
                to,
            },
            cancellationToken
        );
        return [.. rows.Select(row => row.ToMovement()).Order()];
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required string CoinId { get; init; }

        public required TradeType Type { get; init; }

        public required decimal Quantity { get; init; }

        public required decimal Price { get; init; }

        public required DateTimeOffset Timestamp { get; init; }

        public required bool IsImported { get; init; }

        public required decimal FeeInCoin { get; init; }

        public required bool IsInCurrency { get; init; }

        public decimal? Rate { get; init; }

        public Movement ToMovement() =>
            new(
                Id,
                CoinId,
                Timestamp,
                Type.IsIncoming(),
                Type.IsIncoming() ? Quantity - FeeInCoin : Quantity + FeeInCoin,
                IsInCurrency ? Price : Rate is { } rate ? Exact.Estimate(Price, rate) : null,
                IsImported
            );
    }
}
