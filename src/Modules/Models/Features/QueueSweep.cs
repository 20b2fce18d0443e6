using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Models.Configurations;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Strategies;
using CryptoBeacon.Models.Domain.Sweeps;
using CryptoBeacon.Models.Jobs;

namespace CryptoBeacon.Models.Features;

/// <summary>Puts down back-tests over a grid of configuration values, to be run in the background.</summary>
internal sealed record QueueSweep(Guid ModelId, SweepInput Body) : ICommand<SweepDto>, IHasBody<SweepInput>;

internal sealed class QueueSweepValidator : AbstractValidator<QueueSweep>
{
    public QueueSweepValidator(IValidator<SweepInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class QueueSweepHandler(RunQueue queue) : IRequestHandler<QueueSweep, Result<SweepDto>>
{
    private const int MaxFaults = 20;

    public Task<Result<SweepDto>> Handle(QueueSweep request, CancellationToken cancellationToken) =>
        queue.AddAsync<SweepDto>(
            request.ModelId,
            request.Body,
            "models.model_sweeps",
            GetSweep.Columns,
            RunSweepJob.Name,
            model =>
                model.Type == ModelType.Trading
                    ? UnknownAxis(model, request.Body) ?? UselessValue(model, request.Body)
                    : ModelErrors.NotForTrading,
            JsonSerializer.Serialize(SweepSpace.Of(request.Body), BeaconJson.Options),
            cancellationToken
        );

    private static Error? UnknownAxis(TradingModel model, SweepInput input)
    {
        var configuration = JsonNode.Parse(model.Configuration)!.AsObject();
        var name = configuration[ConfigurationSchema.StrategyKey]!.ToString();
        var properties = Catalogue.Find(ModelType.Trading, name)?.Schema.Properties.Keys ?? [];
        var wrong = new Dictionary<string, string[]>();
        foreach (var (axis, _) in input.Grid!)
        {
            if (!properties.Contains(SweepSpace.Property(axis)))
            {
                wrong[$"grid.{axis}"] = [$"is not a property of {name}"];
            }
            else if (!SweepGrid.TrySet(configuration, SweepSpace.Pointer(axis), null))
            {
                wrong[$"grid.{axis}"] = ["leads nowhere in the model's configuration"];
            }
        }

        return wrong.Count == 0 ? null : Error.Invalid(wrong);
    }

    /// <summary>A value that no configuration may have, or a grid of which nothing is one.</summary>
    private static Error? UselessValue(TradingModel model, SweepInput input)
    {
        var configuration = JsonNode.Parse(model.Configuration)!.AsObject();
        var space = SweepSpace.Of(input);
        var wrong = space
            .FaultsOfValues(configuration)
            .Take(MaxFaults)
            .GroupBy(fault => fault.Field)
            .ToDictionary(field => field.Key, field => field.Select(fault => fault.Message).ToArray());
        if (wrong.Count > 0)
        {
            return Error.Invalid(wrong);
        }

        var grid = new SweepGrid(space.Axes());
        IReadOnlyList<ConfigurationError> faults = [];
        return grid.Points(space.Samples, space.Seed)
            .Any(point => grid.Configure(configuration, point, out faults) is not null)
            ? null
            : Error.Invalid(
                "grid",
                $"has no point that is a valid configuration: {faults[0].Pointer} {faults[0].Message}"
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
                    + "window is measured on the time after it, so that what only fits the past shows. A value that the "
                    + "strategy's schema refuses, and a grid none of whose points is a valid configuration, are refused; `leftOutBecause` tells of points that are none."
            )
            .RequireScope(Scopes.ModelsWrite)
            .HonoursIdempotencyKey()
            .Produces<SweepDto>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
}
