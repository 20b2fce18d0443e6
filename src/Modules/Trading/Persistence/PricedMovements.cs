using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>Movements as the trades say them, in the order of the ledger, each priced in one currency at its own time.</summary>
internal sealed class PricedMovements(IReadDatabase database)
{
    // Only what comes in moves an average, so only there a rate is looked up; once a minute and currency, since a rate is a minute's.
    // A fee that was taken out of a third coin's holding is a disposal in that coin's ledger.
    private const string Ledger = """
        with ledger as materialized (
            select id, coin_id, type in ('buy', 'deposit', 'income') as is_incoming,
                case when type in ('buy', 'deposit', 'income') then quantity - coin_fee else quantity + coin_fee end as quantity,
                case when price_basis <> 'unknown' then price end as price, currency,
                "timestamp", date_trunc('minute', "timestamp") as minute, import_id is not null as is_imported,
                case when type in ('deposit', 'withdrawal') then link_id end as link
            from trading.trades
            cross join lateral (select case when fee_in_coin then fee else 0 end as coin_fee) fees
            where portfolio_id = @portfolioId and (@coinIds::text[] is null or coin_id = any(@coinIds))
                and "timestamp" between @from and @to
            union all
            select id, fee_coin_id, false, fee, null, currency, "timestamp", null, import_id is not null, null
            from trading.trades
            where portfolio_id = @portfolioId and (@coinIds::text[] is null or fee_coin_id = any(@coinIds))
                and "timestamp" between @from and @to
                and fee_coin_id is not null and deduct_fees and fee > 0
        ),
        rates as materialized (
            select asked.currency, asked.minute, rate.price
            from (
                select distinct currency, minute from ledger where is_incoming and price is not null and currency <> @currency
            ) asked
            cross join lateral api_integration.rate_at(api_integration.coin_of_currency(asked.currency), @currency, asked.minute) rate
        )
        select ledger.id, ledger.coin_id, ledger.is_incoming, ledger.quantity, ledger.price, ledger."timestamp", ledger.is_imported, ledger.link,
            case when ledger.currency = @currency then 1 else rates.price end as rate
        from ledger
        left join rates using (currency, minute)
        """;

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

    /// <param name="coinIds">Null: all.</param>
    public async Task<IReadOnlyList<Movement>> ReadAsync(
        Guid portfolioId,
        string currency,
        IReadOnlyCollection<string>? coinIds,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<Row>(
            Ledger,
            Parameters(portfolioId, currency, coinIds, from, to),
            cancellationToken
        );
        return [.. rows.Select(row => row.ToMovement()).Order()];
    }

    /// <summary>All of some coins, coin by coin: however many there are, one is in memory.</summary>
    public IAsyncEnumerable<Movement> StreamAsync(
        Guid portfolioId,
        string currency,
        IReadOnlyCollection<string> coinIds,
        CancellationToken cancellationToken
    ) =>
        database
            .StreamAsync<Row>(
                $"{Ledger} order by ledger.coin_id, ledger.\"timestamp\", ledger.is_incoming desc, ledger.id",
                Parameters(portfolioId, currency, coinIds, DateTimeOffset.MinValue, DateTimeOffset.MaxValue),
                cancellationToken
            )
            .Select(row => row.ToMovement());

    private static object Parameters(
        Guid portfolioId,
        string currency,
        IReadOnlyCollection<string>? coinIds,
        DateTimeOffset from,
        DateTimeOffset to
    ) =>
        new
        {
            portfolioId,
            currency,
            coinIds = coinIds?.ToArray(),
            from,
            to,
        };

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required string CoinId { get; init; }

        public required bool IsIncoming { get; init; }

        public required decimal Quantity { get; init; }

        public decimal? Price { get; init; }

        public required DateTimeOffset Timestamp { get; init; }

        public required bool IsImported { get; init; }

        public string? Link { get; init; }

        public decimal? Rate { get; init; }

        public Movement ToMovement() =>
            new(
                Id,
                CoinId,
                Timestamp,
                IsIncoming,
                Quantity,
                Price is { } price && Rate is { } rate ? Exact.Estimate(price, rate) : null,
                IsImported
            )
            {
                Link = Link,
            };
    }
}
