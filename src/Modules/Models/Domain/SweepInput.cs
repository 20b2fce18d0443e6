using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Sweeps;

namespace CryptoBeacon.Models.Domain;

/// <summary>Which configuration values to try, over which candles, and by what to choose.</summary>
internal sealed record SweepInput : RunInput
{
    public const string DefaultMetric = "sharpe";

    /// <summary>
    /// By a property of the configuration, or a JSON pointer into it: the values to try, as a list or as <c>{"from":5,"to":50,"step":5}</c>.
    /// </summary>
    public JsonObject? Grid { get; init; }

    /// <summary>The measure that ranks; sharpe unless said.</summary>
    public string? Metric { get; init; }

    /// <summary>So many points of the grid, drawn at random, instead of all.</summary>
    public int? Samples { get; init; }

    /// <summary>Of the draw; 1 unless said.</summary>
    public int? Seed { get; init; }

    /// <summary>In how many windows the best of the past is measured on what came after; 0 unless said.</summary>
    public int? WalkForwardWindows { get; init; }
}

internal sealed class SweepInputValidator : AbstractValidator<SweepInput>
{
    public SweepInputValidator(IValidator<RunInput> run)
    {
        Include(run);
        RuleFor(s => s.Grid).Required();
        RuleFor(s => s)
            .Custom(
                (sweep, context) =>
                {
                    foreach (var (field, message) in SweepSpace.Faults(sweep))
                    {
                        context.AddFailure(field, message);
                    }
                }
            )
            .When(s => s.Grid is not null);
        RuleFor(s => s.Metric)
            .Limit(
                new Limit { OneOf = [.. MetricCatalogue.All.Select(metric => metric.Name)] },
                name => name is null || MetricCatalogue.Find(name) is not null,
                $"must be one of {string.Join(", ", MetricCatalogue.All.Select(metric => metric.Name))}"
            );
        RuleFor(s => s.Samples)
            .InclusiveBetween(1, SweepRequest.MaxConfigurations)
            .WithMessage($"must lie between 1 and {SweepRequest.MaxConfigurations}");
        RuleFor(s => s.Seed).GreaterThanOrEqualTo(0).WithMessage("must be 0 or greater");
        RuleFor(s => s.WalkForwardWindows)
            .InclusiveBetween(0, SweepRequest.MaxWindows)
            .WithMessage($"must lie between 0 and {SweepRequest.MaxWindows}");
    }
}
