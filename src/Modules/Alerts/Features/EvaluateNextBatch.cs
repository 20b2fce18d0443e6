using CryptoBeacon.Alerts.Evaluation;
using CryptoBeacon.Application.Contracts.ApiIntegration;

namespace CryptoBeacon.Alerts.Features;

/// <summary>
/// Puts the oldest batch of prices that is not evaluated to all alerts that it concerns: what fires, what that says about the alerts, and the mark
/// on the batch become true together. Null: there was none.
/// </summary>
internal sealed record EvaluateNextBatch : ICommand<EvaluatedBatch?>;

/// <param name="Alerts">Those that it could change.</param>
internal sealed record EvaluatedBatch(int Prices, int Alerts, int Firings);

internal sealed class EvaluateNextBatchHandler(IPriceBatches batches, IWriteDatabase database)
    : IRequestHandler<EvaluateNextBatch, Result<EvaluatedBatch?>>
{
    private const string OneAtATime = "alerts.evaluate";

    public async Task<Result<EvaluatedBatch?>> Handle(EvaluateNextBatch request, CancellationToken cancellationToken)
    {
        // Over all servers: batches out of order would make crossings that never were.
        await database.LockAsync([OneAtATime], cancellationToken);
        var batch = await batches.NextUnevaluatedAsync(cancellationToken);
        if (batch is null)
        {
            return (EvaluatedBatch?)null;
        }

        var outcomes = await database.QueryAsync<Outcome>(
            Evaluate,
            new
            {
                sequence = batch.Sequence,
                coins = batch.Ticks.Select(tick => tick.CoinId).ToArray(),
                currencies = batch.Ticks.Select(tick => tick.Currency).ToArray(),
                prices = batch.Ticks.Select(tick => tick.Price).ToArray(),
                times = batch.Ticks.Select(tick => tick.AsOf).ToArray(),
                providers = batch.Ticks.Select(tick => tick.Provider).ToArray(),
            },
            cancellationToken
        );
        var (alerts, firings) = outcomes.Single();
        await batches.MarkEvaluatedAsync(batch.Sequence, alerts, cancellationToken);
        return new EvaluatedBatch(batch.Ticks.Count, alerts, firings);
    }

    private sealed record Outcome(int Alerts, int Firings);

    /// <summary>One statement a batch, read from top to bottom; what each part is called stands with it.</summary>
    private const string Evaluate = $"""
        -- Compiling the statement takes longer than running it, and planning it as long: it has one plan, whatever the batch holds.
        set local jit = off;
        set local plan_cache_mode = force_generic_plan;

        with recursive
        {Readings.Sql},
        {Movements.Sql},
        {Candidates.Sql},
        {Verdicts.Sql},
        {Consequences.Sql}
        select (select count(*) from candidate)::integer as alerts, (select count(*) from firing)::integer as firings
        """;
}
