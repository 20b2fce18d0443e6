using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Jobs;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Puts a back-test down to be run in the background, with the model's configuration as it is now.</summary>
internal sealed record QueueBacktest(Guid ModelId, RunInput Body) : ICommand<BacktestDto>, IHasBody<RunInput>;

internal sealed class QueueBacktestValidator : AbstractValidator<QueueBacktest>
{
    public QueueBacktestValidator(IValidator<RunInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class QueueBacktestHandler(
    IRepository<TradingModel> models,
    IWriteDatabase database,
    Runs runs,
    IOutbox outbox,
    ICurrentUser user
) : IRequestHandler<QueueBacktest, Result<BacktestDto>>
{
    public async Task<Result<BacktestDto>> Handle(QueueBacktest request, CancellationToken cancellationToken)
    {
        var model = await models.FirstOrDefaultAsync(new ModelSpecs.ById(user.Id, request.ModelId), cancellationToken);
        if (model is null)
        {
            return ModelErrors.NotFound;
        }

        var terms = request.Body.ToTerms();
        if (await runs.RefuseAsync(model, terms, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var queued = await database.QueryAsync<BacktestDto>(
            $"""
            insert into models.model_backtests
                (id, model_id, user_id, configuration, start_date, end_date, assets, currency, interval, initial_capital, fee_rate,
                slippage_rate, notes)
            values (@id, @ModelId, @userId, @Configuration::jsonb, @StartDate, @EndDate, @Assets, @Currency, @interval, @InitialCapital, @FeeRate,
                @SlippageRate, @Notes)
            returning {BacktestDto.Columns}
            """,
            new
            {
                id = Uuid.New(),
                request.ModelId,
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
                terms.Notes,
            },
            cancellationToken
        );
        await outbox.RequestJobAsync(RunBacktestJob.Name, queued[0].Id.ToString(), cancellationToken);
        return queued[0];
    }
}

internal static class QueueBacktestEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapPost(
                "/{id:guid}/backtests",
                async (Guid id, RunInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new QueueBacktest(id, body), ct)).ToAccepted(backtest =>
                        BacktestDto.Location(backtest.Id)
                    )
            )
            .WithName(nameof(QueueBacktest))
            .WithSummary("Run a model over stored candles, in the background")
            .WithDescription(
                "A prediction model's back-test trains it and measures its forecasts, each made by what was learnt before it. "
                    + "At most ten back-tests and sweeps of a user wait or run at a time: 429 `too_many_runs`."
            )
            .RequireScope(Scopes.ModelsWrite)
            .HonoursIdempotencyKey()
            .Produces<BacktestDto>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
