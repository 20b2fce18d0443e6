using CryptoBeacon.Application.Contracts.ApiIntegration;

namespace CryptoBeacon.ApiIntegration.Persistence;

internal sealed class PriceBatches(IReadDatabase reads, IWriteDatabase writes) : IPriceBatches
{
    public async Task<PriceBatch?> NextUnevaluatedAsync(CancellationToken cancellationToken)
    {
        var rows = await reads.QueryAsync<Row>(
            """
            select next.sequence, ticks.coin_id, ticks.currency, ticks.price, ticks.as_of, ticks.provider
            from (
                select sequence
                from api_integration.price_batches
                where evaluated_at is null
                order by sequence
                limit 1
            ) next
            left join api_integration.price_ticks ticks on ticks.batch_sequence = next.sequence and not ticks.is_late
            order by ticks.as_of, ticks.ordinal
            """,
            null,
            cancellationToken
        );

        // All of a batch may have been late: it is evaluated all the same, with nothing to see.
        return rows.Count == 0
            ? null
            : new PriceBatch(rows[0].Sequence, [.. rows.Where(row => row.CoinId is not null).Select(ToTick)]);
    }

    public Task MarkEvaluatedAsync(long sequence, int alerts, CancellationToken cancellationToken) =>
        writes.ExecuteAsync(
            "update api_integration.price_batches set evaluated_at = now(), alerts_evaluated = @alerts where sequence = @sequence",
            new { sequence, alerts },
            cancellationToken
        );

    public async Task<Backlog> CountUnevaluatedAsync(CancellationToken cancellationToken) =>
        (
            await reads.QuerySingleOrDefaultAsync<Backlog>(
                "select count(*) as waiting, min(received_at) as oldest from api_integration.price_batches where evaluated_at is null",
                null,
                cancellationToken
            )
        )!;

    private static PriceTick ToTick(Row row) => new(row.CoinId!, row.Currency!, row.Price, row.AsOf, row.Provider!);

    private sealed record Row
    {
        public long Sequence { get; init; }

        public string? CoinId { get; init; }

        public string? Currency { get; init; }

        public decimal Price { get; init; }

        public DateTimeOffset AsOf { get; init; }

        public string? Provider { get; init; }
    }
}
