using System.Text.Json;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Models.Configurations;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Jobs;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Puts down back-tests over a grid of configuration values, to be run in the background.</summary>
internal sealed record QueueSweep(Guid ModelId, SweepInput Body) : ICommand<SweepDto>, IHasBody<SweepInput>;

internal sealed class QueueSweepValidator : AbstractValidator<QueueSweep>
{
    public QueueSweepValidator(IValidator<SweepInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class QueueSweepHandler(
    IRepository<TradingModel> models,
    IWriteDatabase database,
    Runs runs,
    IOutbox outbox,
    ICurrentUser user
) : IRequestHandler<QueueSweep, Result<SweepDto>>
{
    public async Task<Result<SweepDto>> Handle(QueueSweep request, CancellationToken cancellationToken)
    {
        var model = await models.FirstOrDefaultAsync(new ModelSpecs.ById(user.Id, request.ModelId), cancellationToken);
        if (model is null)
        {
            return ModelErrors.NotFound;
        }

        var terms = request.Body.ToTerms();
        var refusal = model.Type == ModelType.Trading ? UnknownAxis(model, request.Body) : ModelErrors.NotForTrading;
        refusal ??= await runs.RefuseAsync(model, terms, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        var queued = await database.QueryAsync<SweepDto>(
            $"""
            insert into models.model_sweeps
                (id, model_id, user_id, configuration, space, start_date, end_date, assets, currency, interval, initial_capital, fee_rate,
                slippage_rate, notes)
            values (@id, @ModelId, @userId, @Configuration::jsonb, @space::jsonb, @StartDate, @EndDate, @Assets, @Currency, @interval,
                @InitialCapital, @FeeRate, @SlippageRate, @Notes)
            returning {GetSweep.Columns}
            """,
            new
            {
                id = Uuid.New(),
                request.ModelId,
                userId = user.Id,
                model.Configuration,
                space = JsonSerializer.Serialize(SweepSpace.Of(request.Body), BeaconJson.Options),
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
        await outbox.RequestJobAsync(RunSweepJob.Name, queued[0].Id.ToString(), cancellationToken);
        return queued[0];
    }

    private static Error? UnknownAxis(TradingModel model, SweepInput input)
    {
        using var configuration = JsonDocument.Parse(model.Configuration);
        var name = configuration.RootElement.GetProperty(ConfigurationSchema.StrategyKey).GetString();
        var properties = Catalogue.Find(ModelType.Trading, name)?.Schema.Properties.Keys ?? [];
        var unknown = input
            .Grid!.Select(axis => axis.Key)
            .Where(axis => !properties.Contains(SweepSpace.Property(axis)))
            .ToList();
        return unknown.Count == 0
            ? null
            : Error.Invalid(
                unknown.ToDictionary(axis => $"grid.{axis}", _ => new[] { $"is not a property of {name}" })
            );
    }
}

internal static class QueueSweepEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapPost(
                "/{id:guid}/sweeps",
                async (Guid id, SweepInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new QueueSweep(id, body), ct)).ToAccepted(sweep => SweepDto.Location(sweep.Id))
            )
            .WithName(nameof(QueueSweep))
            .WithSummary("Try up to 10,000 configurations of a model, in the background")
            .WithDescription(
                "`grid` has the values to try: `{\"fast\":[5,10,20],\"slow\":{\"from\":20,\"to\":100,\"step\":10}}`. With `walkForwardWindows` the best of each "
                    + "window is measured on the time after it, so that what only fits the past shows."
            )
            .RequireScope(Scopes.ModelsWrite)
            .HonoursIdempotencyKey()
            .Produces<SweepDto>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
