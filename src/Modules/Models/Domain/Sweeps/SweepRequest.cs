using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Sweeps;

/// <param name="Pointer">A JSON pointer to the value of the configuration that varies: <c>/fast</c>, <c>/entry/gt/0</c>.</param>
/// <param name="Values">In ascending order where they are numbers; two next to each other are neighbours.</param>
internal sealed record SweepAxis(string Pointer, IReadOnlyList<JsonNode?> Values);

/// <summary>Back-tests over a grid of configuration values, or over a random part of it.</summary>
internal sealed record SweepRequest
{
    public const int MaxConfigurations = 10_000;
    public const int MaxWindows = 50;

    /// <summary>Assets, period and costs; its configuration is the one that axes vary.</summary>
    public required BacktestRequest Base { get; init; }

    /// <summary>The base configuration's JSON.</summary>
    public required JsonObject Configuration { get; init; }

    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    /// <summary>Ranks configurations.</summary>
    public required Metric Metric { get; init; }

    /// <summary>Null: the whole grid. Otherwise so many of its points, drawn without repetition by <see cref="Seed"/>.</summary>
    public int? RandomCount { get; init; }

    public int Seed { get; init; }

    /// <summary>0: none. Otherwise the period is cut into windows + 1 equal parts: the best of each part is measured on the part after it.</summary>
    public int WalkForwardWindows { get; init; }

    /// <summary>All cores by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
