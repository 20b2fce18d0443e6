using CryptoBeacon.Application.Contracts.Portfolios;
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
    public async Task<decimal?> RateAsync(
        string of,
        string currency,
        DateTimeOffset at,
        CancellationToken cancellationToken
    ) =>
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
            // Only what comes in moves an average, so only there a rate is looked up; once a minute and currency, since a rate is a minute's.
            """
            with ledger as materialized (
                select id, coin_id, type, quantity, price, "timestamp", import_id is not null as is_imported,
                    case when fee_in_coin then fee else 0 end as fee_in_coin,
                    currency, date_trunc('minute', "timestamp") as minute
                from trading.trades
                where portfolio_id = @portfolioId and (@coinIds::text[] is null or coin_id = any(@coinIds))
                    and "timestamp" between @from and @to
            ),
            rates as materialized (
                select asked.currency, asked.minute, rate.price
                from (
                    select distinct currency, minute from ledger where currency <> @currency and type in ('buy', 'deposit', 'income')
                ) asked
                cross join lateral api_integration.rate_at(api_integration.coin_of_currency(asked.currency), @currency, asked.minute) rate
            )
            select ledger.id, ledger.coin_id, ledger.type, ledger.quantity, ledger.price, ledger."timestamp", ledger.is_imported,
                ledger.fee_in_coin, ledger.currency = @currency as is_in_currency, rates.price as rate
            from ledger
            left join rates using (currency, minute)
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
                IsInCurrency ? Price
                    : Rate is { } rate ? Exact.Estimate(Price, rate)
                    : null,
                IsImported
            );
    }
}
