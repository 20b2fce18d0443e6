using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Sweeps;

/// <param name="Values">By the axes' pointers.</param>
internal sealed record SweepResult(IReadOnlyDictionary<string, JsonNode?> Values, BacktestMetrics Metrics);

/// <summary>One part of the period to choose on, and the next to measure on.</summary>
/// <param name="Start">In milliseconds since 1970, as all here; inclusive, ends exclusive.</param>
/// <param name="Best">Null where no configuration has a value of the metric in the sample.</param>
/// <param name="OutOfSample">The chosen configuration on the part after; it starts flat, with the initial capital.</param>
internal sealed record WalkForwardWindow(
    long Start,
    long Split,
    long End,
    SweepResult? Best,
    BacktestMetrics? OutOfSample
);

/// <summary>How many combinations have one thing wrong.</summary>
/// <param name="Pointer">Where in the configuration.</param>
internal sealed record LeftOut(string Pointer, string Message, int Configurations);

/// <param name="Results">Every configuration, best first; those without a value of the metric last.</param>
/// <param name="Best">Null when none has a value.</param>
/// <param name="Neighbours">Those one step from the best along one axis.</param>
/// <param name="IsLonePeak">Whether the neighbours' mean falls short of the best by more than half of it: chance rather than a rule. Null when there are none.</param>
/// <param name="LeftOut">Combinations that are no valid configuration, such as a fast average that is not faster, by what is wrong.</param>
/// <param name="DeflatedSharpe">Of the best: the probability that its Sharpe ratio is more than what the best of so many tries without skill would show.</param>
internal sealed record SweepOutcome(
    IReadOnlyList<SweepResult> Results,
    SweepResult? Best,
    IReadOnlyList<SweepResult> Neighbours,
    bool? IsLonePeak,
    IReadOnlyList<LeftOut> LeftOut,
    Statistic DeflatedSharpe,
    IReadOnlyList<WalkForwardWindow> WalkForward
);
