using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Persistence;

/// <summary>What training has left of prediction models: one of each model, coin, currency and interval, the newest.</summary>
internal sealed class TrainedModels(IWriteDatabase database)
{
    public Task KeepAsync(Guid backtestId, TrainedModel model, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            """
            insert into models.trained_models
                (model_id, user_id, coin_id, currency, interval, configuration, trained_at, trained_from, trained_to, bars, content)
            select model_id, user_id, @CoinId, currency, interval, configuration, now(), @From, @To, @Bars, @Content
            from models.model_backtests
            where id = @backtestId
            on conflict (model_id, coin_id, currency, interval) do update
            set configuration = excluded.configuration, trained_at = excluded.trained_at, trained_from = excluded.trained_from,
                trained_to = excluded.trained_to, bars = excluded.bars, content = excluded.content
            """,
            new
            {
                backtestId,
                model.CoinId,
                model.From,
                model.To,
                model.Bars,
                model.Content,
            },
            cancellationToken
        );
}
