using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Sweeps;

namespace CryptoBeacon.Models.Features;

/// <summary>A sweep as its owner reads it.</summary>
internal sealed record SweepDto : RunDto
{
    [JsonPropertyOrder(1)]
    public required JsonObject Grid { get; init; }

    [JsonPropertyOrder(1)]
    public required string Metric { get; init; }

    [JsonPropertyOrder(1)]
    public int? Samples { get; init; }

    [JsonPropertyOrder(1)]
    public required int Seed { get; init; }

    [JsonPropertyOrder(1)]
    public required int WalkForwardWindows { get; init; }

    /// <summary>Null until it has succeeded.</summary>
    [JsonPropertyOrder(3)]
    public SweepResults? Results { get; init; }

    /// <summary>What makes it repeatable. Null until it has succeeded.</summary>
    [JsonPropertyOrder(2)]
    public Reproducibility? Reproducibility { get; init; }

    public static string Location(Guid id) => $"/api/v1/sweeps/{id}";
}

/// <param name="Configurations">How many were tried.</param>
/// <param name="LeftOut">Points of the grid that are no valid configuration, such as a fast average that is not faster.</param>
/// <param name="Best">Null when none has a value of the metric.</param>
/// <param name="Neighbours">Those one step from the best along one axis.</param>
/// <param name="IsLonePeak">Whether the neighbours' mean is less than half as good as the best: chance rather than a rule. Null when it has no neighbours to be held against.</param>
/// <param name="DeflatedSharpe">The probability that the best Sharpe ratio is more than what the best of so many tries without skill would show.</param>
/// <param name="WalkForward">Chosen in a window, measured on the part after it: in-sample and out-of-sample side by side.</param>
/// <param name="Top">The best hundred, best first.</param>
internal sealed record SweepResults(
    int Configurations,
    int LeftOut,
    SweptConfiguration? Best,
    IReadOnlyList<SweptConfiguration> Neighbours,
    bool? IsLonePeak,
    decimal? DeflatedSharpe,
    IReadOnlyList<SweptWindow> WalkForward,
    IReadOnlyList<SweptConfiguration> Top
)
{
    /// <summary>What was wrong with those left out, and with how many.</summary>
    public IReadOnlyList<LeftOut> LeftOutBecause { get; init; } = [];
}

/// <param name="Values">By the grid's names.</param>
/// <param name="Metrics">By name, each a decimal or null.</param>
internal sealed record SweptConfiguration(JsonObject Values, JsonObject Metrics);

/// <param name="From">The part to choose on is [from, split), that to measure on [split, to).</param>
/// <param name="InSample">The measures of the chosen values on the part that they were chosen on.</param>
internal sealed record SweptWindow(
    DateTimeOffset From,
    DateTimeOffset Split,
    DateTimeOffset To,
    JsonObject? Values,
    JsonObject? InSample,
    JsonObject? OutOfSample
);
