using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Jobs;

namespace CryptoBeacon.Models.Features;

/// <summary>Puts a back-test down to be run in the background, with the model's configuration as it is now.</summary>
internal sealed record QueueBacktest(Guid ModelId, RunInput Body) : ICommand<BacktestDto>, IHasBody<RunInput>;

internal sealed class QueueBacktestValidator : AbstractValidator<QueueBacktest>
{
    public QueueBacktestValidator(IValidator<RunInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class QueueBacktestHandler(RunQueue queue) : IRequestHandler<QueueBacktest, Result<BacktestDto>>
{
    public Task<Result<BacktestDto>> Handle(QueueBacktest request, CancellationToken cancellationToken) =>
        queue.AddAsync<BacktestDto>(
            request.ModelId,
            request.Body,
            "models.model_backtests",
            BacktestDto.Columns,
            RunBacktestJob.Name,
            refuse: null,
            space: null,
            cancellationToken
        );
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
