using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>Everything that a back-test's result depends on.</summary>
internal sealed record BacktestRequest
{
    public const double DefaultInitialCapital = 10_000;

    /// <summary>One series for each asset. Candles before <see cref="Start"/> warm indicators up; those from <see cref="End"/> on are never looked at.</summary>
    public required IReadOnlyList<CandleSeries> Assets { get; init; }

    public required StrategyConfiguration Configuration { get; init; }

    /// <summary>Inclusive, in milliseconds since 1970.</summary>
    public required long Start { get; init; }

    /// <summary>Exclusive, in milliseconds since 1970.</summary>
    public required long End { get; init; }

    /// <summary>A bar's length in milliseconds.</summary>
    public required long Interval { get; init; }

    /// <summary>In the currency of the prices; more than 0.</summary>
    public double InitialCapital { get; init; } = DefaultInitialCapital;

    /// <summary>A ratio of each fill's value: 0.001 is a tenth of a per cent. From 0 to below 1.</summary>
    public double FeeRate { get; init; }

    /// <summary>By which ratio market and stop fills are worse than the price. From 0 to below 1.</summary>
    public double SlippageRate { get; init; }

    /// <summary>A ratio a year.</summary>
    public double RiskFreeRate { get; init; }
}
