using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Features;

namespace CryptoBeacon.Models.Reports;

/// <summary>All that a report shows.</summary>
internal sealed record ReportData
{
    public required string ModelName { get; init; }

    public required BacktestDetails Backtest { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required IReadOnlyList<Point> Equity { get; init; }

    public required IReadOnlyList<Point> Drawdown { get; init; }

    public required IReadOnlyList<Point> BuyAndHold { get; init; }

    public required IReadOnlyList<TradePart> Trades { get; init; }

    /// <summary>Closes, by coin.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Point>> Prices { get; init; }

    public bool IsTrading => Equity.Count > 0;
}
