namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// Makes the partitions of the coming months, drops those past retention, and prunes batches of prices that have been evaluated: what they said is in
/// the candles.
/// </summary>
internal sealed record KeepMarketTablesInShape : ICommand;

internal sealed class KeepMarketTablesInShapeHandler(IWriteDatabase database, TimeProvider clock)
    : IRequestHandler<KeepMarketTablesInShape, Result>
{
    private static readonly TimeSpan KeepTicks = TimeSpan.FromDays(30);

    public async Task<Result> Handle(KeepMarketTablesInShape request, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            """
            select api_integration.maintain_partitions();

            with gone as (
                delete from api_integration.price_batches
                where evaluated_at < @before
                returning sequence
            )
            delete from api_integration.price_ticks using gone where price_ticks.batch_sequence = gone.sequence;
            """,
            new { before = clock.GetUtcNow() - KeepTicks },
            cancellationToken
        );
        return Result.Success;
    }
}
