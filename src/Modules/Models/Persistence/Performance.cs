namespace CryptoBeacon.Models.Persistence;

/// <summary>What a model shows of itself: the measures of its newest back-test that has succeeded.</summary>
internal sealed class Performance(IWriteDatabase database)
{
    /// <summary>The model of a back-test, before the back-test itself: always in this order, or two commands could wait for each other.</summary>
    public Task LockAsync(Guid backtestId, CancellationToken cancellationToken) =>
        database.QueryAsync<Guid>(
            """
            select id
            from models.trading_models
            where id = (select model_id from models.model_backtests where id = @backtestId)
            for update
            """,
            new { backtestId },
            cancellationToken
        );

    public Task RefreshAsync(Guid modelId, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            update models.trading_models
            set performance = (
                select performance_metrics
                from models.model_backtests
                where model_id = @modelId and status = 'succeeded'
                order by id desc
                limit 1)
            where id = @modelId
            """,
            new { modelId },
            cancellationToken
        );
}
