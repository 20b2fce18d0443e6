namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// What a back-test found, in binary numbers; they become decimals at the edge (<see cref="CryptoBeacon.Domain.Values.Exact.Estimate(double?)"/>).
/// </summary>
/// <param name="Times">The opening times of the bars, in milliseconds since 1970: those that any asset has.</param>
/// <param name="Equity">Cash and positions at the close of each bar; as long as <paramref name="Times"/>.</param>
/// <param name="Trades">In the order in which they ended.</param>
/// <param name="SkippedBars">What assets lack, in ascending time.</param>
/// <param name="RejectedEntries">Entries that the cash did not cover, or that were smaller than the least order.</param>
/// <param name="BuyAndHold">The equity of holding all assets in equal parts from the first open, without fees.</param>
internal sealed record BacktestOutcome(
    long[] Times,
    double[] Equity,
    IReadOnlyList<SimulatedTrade> Trades,
    IReadOnlyList<SkippedBars> SkippedBars,
    int RejectedEntries,
    BuyAndHoldCurve BuyAndHold,
    BacktestMetrics Metrics
)
{
    /// <summary>The return of each calendar month (UTC), from the last equity of the month before; the first from the initial capital.</summary>
    public required IReadOnlyList<MonthlyReturn> MonthlyReturns { get; init; }
}

/// <param name="Bars">How many bars in a row the asset lacks, the first of which would open at <paramref name="Time"/>.</param>
internal readonly record struct SkippedBars(string CoinId, long Time, int Bars);

/// <param name="Month">Its first day.</param>
/// <param name="Return">A ratio.</param>
internal readonly record struct MonthlyReturn(DateOnly Month, double Return, double BuyAndHold)
{
    public static IReadOnlyList<MonthlyReturn> Of(
        long[] times,
        double[] equity,
        BuyAndHoldCurve yardstick,
        double initial
    )
    {
        var months = new List<MonthlyReturn>();
        var (before, yardstickBefore) = (initial, initial);
        for (var first = 0; first < times.Length; )
        {
            var day = DateTimeOffset.FromUnixTimeMilliseconds(times[first]).UtcDateTime;
            var month = new DateTimeOffset(day.Year, day.Month, 1, 0, 0, 0, TimeSpan.Zero);
            var next = Array.BinarySearch(times, month.AddMonths(1).ToUnixTimeMilliseconds());
            next = next < 0 ? ~next : next;
            var (last, yardstickLast) = (equity[next - 1], yardstick.At(next - 1));
            // After everything is lost there is nothing to earn on.
            var earned = before > 0 ? (last / before) - 1 : 0;
            months.Add(
                new(DateOnly.FromDateTime(day.AddDays(1 - day.Day)), earned, (yardstickLast / yardstickBefore) - 1)
            );
            (before, yardstickBefore, first) = (last, yardstickLast, next);
        }

        return months;
    }
}

internal enum TradeSide
{
    Long,
    Short,
}

internal enum ExitReason
{
    Signal,
    StopLoss,
    TrailingStop,
    TakeProfit,
    MaxBars,

    /// <summary>A part sold to come back to the target weights.</summary>
    Rebalance,

    /// <summary>Nothing is left of the capital: a short position has lost all of it.</summary>
    Liquidation,

    /// <summary>Still open: marked at the last close, with no fill and no fee.</summary>
    EndOfData,
}

/// <summary>A position, or a part of it, from entry to exit.</summary>
/// <param name="EntryTime">The opening time of the bar of the first fill, in milliseconds since 1970.</param>
/// <param name="EntryPrice">The average of its fills, slippage included, fees not.</param>
/// <param name="ExitTime">The opening time of the bar of the exit.</param>
/// <param name="Quantity">More than 0 on either side.</param>
/// <param name="Fees">Of entry and exit.</param>
/// <param name="Pnl">Net of fees.</param>
/// <param name="ReturnRatio">Pnl / (entry price × quantity).</param>
internal readonly record struct SimulatedTrade(
    string CoinId,
    TradeSide Side,
    long EntryTime,
    double EntryPrice,
    long ExitTime,
    double ExitPrice,
    double Quantity,
    double Fees,
    double Pnl,
    double ReturnRatio,
    ExitReason ExitReason
);
