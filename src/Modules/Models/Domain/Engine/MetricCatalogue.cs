namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>A measure by its name in the API, with what it means.</summary>
/// <param name="Unit"><c>money</c>, <c>ratio</c>, <c>days</c>, <c>count</c> or <c>number</c>.</param>
/// <param name="HigherIsBetter">How a sweep ranks by it.</param>
internal sealed record Metric(
    string Name,
    string Unit,
    bool HigherIsBetter,
    string Formula,
    Func<BacktestMetrics, Statistic> Of
);

/// <summary>The measures of a back-test, each with its formula: the same word means different things in different programs.</summary>
internal static class MetricCatalogue
{
    public static readonly IReadOnlyList<Metric> All =
    [
        new("finalEquity", "money", true, "cash + Σ quantity × last close", m => m.FinalEquity),
        new("totalReturn", "ratio", true, "final equity / initial capital − 1", m => m.TotalReturn),
        new(
            "annualizedReturn",
            "ratio",
            true,
            "(final equity / initial capital)^(365 days / elapsed time) − 1, elapsed from the first bar's open to the last one's close",
            m => m.AnnualizedReturn
        ),
        new(
            "buyAndHoldReturn",
            "ratio",
            true,
            "mean over assets of (last close / first open) − 1, without fees",
            m => m.BuyAndHoldReturn
        ),
        new(
            "volatility",
            "ratio",
            false,
            "standard deviation (n−1) of the bars' returns × √(bars a year of 365 days)",
            m => m.Volatility
        ),
        new(
            "sharpe",
            "number",
            true,
            "mean / standard deviation (n−1) of the bars' returns beyond the risk-free rate × √(bars a year)",
            m => m.Sharpe
        ),
        new(
            "sortino",
            "number",
            true,
            "mean × bars a year / (√mean(min(r, 0)²) × √(bars a year)), r the bars' returns beyond the risk-free rate",
            m => m.Sortino
        ),
        new("calmar", "number", true, "annualised return / |maximum drawdown|", m => m.Calmar),
        new(
            "maxDrawdown",
            "ratio",
            true,
            "least of equity / running peak − 1; the peak starts at the initial capital",
            m => m.MaxDrawdown
        ),
        new(
            "maxDrawdownDays",
            "days",
            false,
            "longest time from a peak to the bar that reaches it again, or to the last bar",
            m => m.MaxDrawdownDays
        ),
        new("exposure", "ratio", true, "bars with a position at the close / bars", m => m.Exposure),
        new("trades", "count", true, "trades, those marked at the end of the data included", m => m.Trades),
        new("winRate", "ratio", true, "trades with pnl > 0 / trades", m => m.WinRate),
        new("averageTrade", "ratio", true, "arithmetic mean of the trades' returns", m => m.AverageTrade),
        new("bestTrade", "ratio", true, "largest return of a trade", m => m.BestTrade),
        new("worstTrade", "ratio", true, "smallest return of a trade", m => m.WorstTrade),
        new("profitFactor", "number", true, "Σ pnl of winners / |Σ pnl of losers|", m => m.ProfitFactor),
        new("expectancy", "money", true, "arithmetic mean of the trades' pnl", m => m.Expectancy),
        new("sqn", "number", true, "√trades × mean / standard deviation (n−1) of the trades' pnl", m => m.Sqn),
        new("turnover", "ratio", false, "Σ value of all fills / mean equity", m => m.Turnover),
        new("feesPaid", "money", false, "Σ fees of all fills", m => m.FeesPaid),
    ];

    public static Metric? Find(string? name) => All.FirstOrDefault(metric => metric.Name == name);
}
