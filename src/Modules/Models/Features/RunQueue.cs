using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>What asking for a back-test and asking for a sweep have in common.</summary>
internal sealed class RunQueue(
    IRepository<TradingModel> models,
    IWriteDatabase database,
    Runs runs,
    IOutbox outbox,
    ICurrentUser user
)
{
    /// <summary>Puts a run of a model down, with the model's configuration as it is now, and asks for the job that does it.</summary>
    /// <param name="columns">Those of a <typeparamref name="T"/>.</param>
    /// <param name="refuse">Why this model can't be run so; null where it can.</param>
    /// <param name="space">Of a sweep: what it varies, as JSON.</param>
    public async Task<Result<T>> AddAsync<T>(
        Guid modelId,
        RunInput input,
        string table,
        string columns,
        string job,
        Func<TradingModel, Error?>? refuse,
        string? space,
        CancellationToken cancellationToken
    )
        where T : RunDto
    {
        var model = await models.FirstOrDefaultAsync(new ModelSpecs.ById(user.Id, modelId), cancellationToken);
        if (model is null)
        {
            return ModelErrors.NotFound;
        }

        var terms = input.ToTerms();
        var refusal = refuse?.Invoke(model) ?? await runs.RefuseAsync(model, terms, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        var (spaceColumn, spaceValue) = space is null ? ("", "") : (", space", ", @space::jsonb");
        var queued = await database.QueryAsync<T>(
            $"""
            insert into {table}
                (id, model_id, user_id, configuration, start_date, end_date, assets, currency, interval, initial_capital, fee_rate,
                slippage_rate, risk_free_rate, notes{spaceColumn})
            values (@id, @modelId, @userId, @Configuration::jsonb, @StartDate, @EndDate, @Assets, @Currency, @interval, @InitialCapital,
                @FeeRate, @SlippageRate, @RiskFreeRate, @Notes{spaceValue})
            returning {columns}
            """,
            new
            {
                id = Uuid.New(),
                modelId,
                userId = user.Id,
                model.Configuration,
                terms.StartDate,
                terms.EndDate,
                terms.Assets,
                terms.Currency,
                interval = terms.Interval.Name,
                terms.InitialCapital,
                terms.FeeRate,
                terms.SlippageRate,
                terms.RiskFreeRate,
                terms.Notes,
                space,
            },
            cancellationToken
        );
        await outbox.RequestJobAsync(job, queued[0].Id.ToString(), cancellationToken);
        return queued[0];
    }
}
