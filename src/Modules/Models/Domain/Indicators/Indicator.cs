using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>A number between the parentheses; both bounds are allowed values.</summary>
internal sealed record IndicatorArgument(
    string Name,
    double Default,
    double Minimum,
    double Maximum,
    bool IsInteger = true
);

/// <summary>An indicator of the catalogue.</summary>
/// <param name="Lines">What it draws; the first is meant where none is named.</param>
/// <param name="WarmUp">The bars before its first value, by its arguments.</param>
/// <param name="Compute">Fills one array for each line, as long as the candles, with NaN where there is no value. Stops soon after the token asks for it where it may take long.</param>
internal sealed record Indicator(
    string Name,
    string Summary,
    IReadOnlyList<IndicatorArgument> Arguments,
    IReadOnlyList<string> Lines,
    Func<double[], int> WarmUp,
    Action<CandleSeries, double[], double[][], CancellationToken> Compute
)
{
    /// <summary>Other spellings of the name.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>How many arrays more it needs to work with, after those of the lines.</summary>
    public int Scratch { get; init; }

    /// <summary>What is wrong with arguments that are within their bounds one by one; null when nothing is.</summary>
    public Func<double[], string?> Check { get; init; } = _ => null;
}
