using System.Text.Json.Nodes;
using CryptoBeacon.Models.Configurations;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Features;

/// <summary>What a model can be, and what is measured of it.</summary>
internal sealed record ListStrategies : IQuery<StrategyList>;

/// <param name="Metrics">What a back-test of a trading model is measured by.</param>
internal sealed record StrategyList(
    IReadOnlyList<StrategyDto> Items,
    string? NextCursor,
    IReadOnlyList<MetricDto> Metrics
);

/// <param name="Name">What <c>configuration.strategy</c> says.</param>
/// <param name="Type">trading or prediction: the model's type.</param>
/// <param name="Schema">The JSON Schema (draft 7) of the configuration.</param>
internal sealed record StrategyDto(string Name, string Type, string Summary, JsonObject Schema);

/// <param name="Unit">money, ratio, days, count or number.</param>
/// <param name="Digits">It is computed in binary and rounded, half-even, to so many significant digits.</param>
internal sealed record MetricDto(string Name, string Unit, bool HigherIsBetter, string Formula, int Digits);

internal sealed class ListStrategiesHandler : IRequestHandler<ListStrategies, Result<StrategyList>>
{
    private static readonly StrategyList Known = new(
        [
            .. Catalogue.All.Select(entry => new StrategyDto(
                entry.Name,
                WireName.Of(entry.Type),
                entry.Summary,
                JsonNode.Parse(entry.Schema.ToJson())!.AsObject()
            )),
        ],
        null,
        [
            .. MetricCatalogue.All.Select(metric => new MetricDto(
                metric.Name,
                metric.Unit,
                metric.HigherIsBetter,
                metric.Formula,
                Significant.Digits
            )),
        ]
    );

    public Task<Result<StrategyList>> Handle(ListStrategies request, CancellationToken cancellationToken) =>
        Task.FromResult<Result<StrategyList>>(Known);
}

internal static class ListStrategiesEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapGet(
                "/strategies",
                async (IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListStrategies(), ct)).ToOk()
            )
            .WithName(nameof(ListStrategies))
            .WithSummary(
                "The strategies with the JSON Schema of their configurations, and the measures with their formulas"
            )
            .RequireScope(Scopes.Read)
            .Produces<StrategyList>();
}
