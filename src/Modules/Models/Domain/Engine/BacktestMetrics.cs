using CryptoBeacon.Domain.Returns;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>A number, or why there is none.</summary>
internal readonly record struct Statistic(double? Value, Unsaid? Reason)
{
    public static Statistic Of(double value) =>
        double.IsFinite(value) ? new(value, null) : new(null, Unsaid.DivisionByZero);

    public static Statistic None(Unsaid reason) => new(null, reason);

    public static Statistic Ratio(double numerator, double denominator) =>
        denominator == 0 ? None(Unsaid.DivisionByZero) : Of(numerator / denominator);

    public static implicit operator Statistic(double value) => Of(value);
}

/// <summary>The measures of a back-test; <see cref="MetricCatalogue"/> has their formulas and names.</summary>
internal sealed record BacktestMetrics
{
    public required Statistic FinalEquity { get; init; }
    public required Statistic TotalReturn { get; init; }
    public required Statistic AnnualizedReturn { get; init; }
    public required Statistic BuyAndHoldReturn { get; init; }
    public required Statistic Volatility { get; init; }
    public required Statistic Sharpe { get; init; }
    public required Statistic Sortino { get; init; }
    public required Statistic Calmar { get; init; }
    public required Statistic MaxDrawdown { get; init; }
    public required Statistic MaxDrawdownDays { get; init; }
    public required Statistic Exposure { get; init; }
    public required Statistic Trades { get; init; }
    public required Statistic WinRate { get; init; }
    public required Statistic AverageTrade { get; init; }
    public required Statistic BestTrade { get; init; }
    public required Statistic WorstTrade { get; init; }
    public required Statistic ProfitFactor { get; init; }
    public required Statistic Expectancy { get; init; }
    public required Statistic Sqn { get; init; }
    public required Statistic Turnover { get; init; }
    public required Statistic FeesPaid { get; init; }
}
