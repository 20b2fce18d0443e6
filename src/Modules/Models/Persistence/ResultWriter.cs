using System.Text.Json;
using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Persistence;

/// <summary>
/// Puts results into a back-test's row: lists go row by row into a temporary table, and become one document in the database. COPY does not work on tables with
/// row-level security, so that they could not go there at once.
/// </summary>
internal sealed class ResultWriter(IWriteDatabase database)
{
    /// <returns>The model's id; null where the back-test is not this runner's any more.</returns>
    public async Task<Guid?> WriteAsync(
        Guid id,
        Guid runner,
        BacktestResult result,
        CancellationToken cancellationToken
    )
    {
        await database.ExecuteAsync(
            "create temporary table staged_items (list text, position integer, item text) on commit drop",
            null,
            cancellationToken
        );
        await database.CopyAsync(
            "copy staged_items (list, position, item) from stdin (format binary)",
            Rows(result).ToAsyncEnumerable(),
            cancellationToken
        );
        var finished = await database.QueryAsync<Guid>(
            """
            update models.model_backtests
            set status = 'succeeded', progress = 1, finished_at = now(), performance_metrics = @metrics::jsonb,
                reproducibility = @reproducibility::jsonb,
                results = @rest::jsonb || coalesce(
                    (
                        select jsonb_object_agg(name, coalesce(
                            (select jsonb_agg(item::jsonb order by position) from staged_items where list = name), '[]'))
                        from unnest(@names) name
                    ),
                    '{}')
            where id = @id and runner = @runner and status = 'running'
            returning model_id
            """,
            new
            {
                id,
                runner,
                names = result.Lists.Keys.ToArray(),
                rest = result.Rest.ToJsonString(BeaconJson.Options),
                metrics = result.Metrics.ToJsonString(BeaconJson.Options),
                reproducibility = JsonSerializer.Serialize(result.Reproducibility, BeaconJson.Options),
            },
            cancellationToken
        );
        return finished is [var modelId] ? modelId : null;
    }

    private static IEnumerable<object?[]> Rows(BacktestResult result) =>
        from list in result.Lists
        from entry in list.Value.Index()
        select new object?[]
        {
            list.Key,
            entry.Index,
            JsonSerializer.Serialize(entry.Item, entry.Item.GetType(), BeaconJson.Options),
        };
}
