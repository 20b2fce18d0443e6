using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>What a back-test found. Of a prediction model's there are forecasts instead of equity and trades.</summary>
internal sealed record BacktestResults
{
    /// <summary>A point a bar.</summary>
    public IAsyncEnumerable<EquityPoint>? Equity { get; init; }

    /// <summary>In the order in which they ended.</summary>
    public IAsyncEnumerable<TradePart>? Trades { get; init; }

    /// <summary>What assets lack.</summary>
    public required IReadOnlyList<SkippedPart> SkippedBars { get; init; }

    public IReadOnlyList<MonthPart>? MonthlyReturns { get; init; }

    /// <summary>Entries that the cash did not cover, or that were smaller than the least order.</summary>
    public int? RejectedEntries { get; init; }

    public IAsyncEnumerable<ForecastPart>? Forecasts { get; init; }

    public IReadOnlyList<CalibrationPart>? Calibration { get; init; }
}
