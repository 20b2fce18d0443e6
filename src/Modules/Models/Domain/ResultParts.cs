using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain;

/// <summary>The equity at a bar's close.</summary>
internal sealed record EquityPoint
{
    /// <summary>The bar's opening time.</summary>
    public required DateTimeOffset Time { get; init; }

    public required decimal? Value { get; init; }

    /// <summary>Value / its highest so far − 1; the peak starts at the initial capital.</summary>
    public required decimal? Drawdown { get; init; }

    /// <summary>What holding all assets in equal parts from the first open would be worth, without fees.</summary>
    public required decimal? BuyAndHold { get; init; }

    public static IEnumerable<EquityPoint> Of(BacktestOutcome outcome, double initialCapital)
    {
        var peak = initialCapital;
        for (var i = 0; i < outcome.Times.Length; i++)
        {
            peak = Math.Max(peak, outcome.Equity[i]);
            yield return new EquityPoint
            {
                Time = DateTimeOffset.FromUnixTimeMilliseconds(outcome.Times[i]),
                Value = Significant.Of(outcome.Equity[i]),
                Drawdown = Significant.Of((outcome.Equity[i] / peak) - 1),
                BuyAndHold = Significant.Of(outcome.BuyAndHold.At(i)),
            };
        }
    }
}

/// <summary>A simulated trade as clients read it; times are those of the bars' openings.</summary>
internal sealed record TradePart
{
    public required string CoinId { get; init; }

    /// <summary>long or short.</summary>
    public required string Side { get; init; }

    public required DateTimeOffset EntryTime { get; init; }

    public required decimal? EntryPrice { get; init; }

    public required DateTimeOffset ExitTime { get; init; }

    public required decimal? ExitPrice { get; init; }

    public required decimal? Quantity { get; init; }

    public required decimal? Fees { get; init; }

    /// <summary>Net of fees.</summary>
    public required decimal? Pnl { get; init; }

    public required decimal? ReturnPercent { get; init; }

    /// <summary>signal, stop_loss, trailing_stop, take_profit, max_bars, rebalance, liquidation or end_of_data.</summary>
    public required string ExitReason { get; init; }

    public static TradePart Of(SimulatedTrade trade) =>
        new()
        {
            CoinId = trade.CoinId,
            Side = WireName.Of(trade.Side),
            EntryTime = DateTimeOffset.FromUnixTimeMilliseconds(trade.EntryTime),
            EntryPrice = Exact.Estimate(trade.EntryPrice),
            ExitTime = DateTimeOffset.FromUnixTimeMilliseconds(trade.ExitTime),
            ExitPrice = Exact.Estimate(trade.ExitPrice),
            Quantity = Exact.Estimate(trade.Quantity),
            Fees = Significant.Of(trade.Fees),
            Pnl = Significant.Of(trade.Pnl),
            ReturnPercent = Significant.Of(trade.ReturnRatio * 100),
            ExitReason = WireName.Of(trade.ExitReason),
        };
}

/// <summary>So many bars in a row that an asset lacks, the first of which would open at <see cref="Time"/>.</summary>
internal sealed record SkippedPart
{
    public required string CoinId { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required int Bars { get; init; }

    public static SkippedPart Of(SkippedBars skipped) =>
        new()
        {
            CoinId = skipped.CoinId,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(skipped.Time),
            Bars = skipped.Bars,
        };
}

/// <summary>The ratios of a calendar month in UTC.</summary>
internal sealed record MonthPart
{
    /// <summary>Such as 2026-01.</summary>
    public required string Month { get; init; }

    public required decimal? Return { get; init; }

    public required decimal? BuyAndHold { get; init; }

    public static MonthPart Of(MonthlyReturn month) =>
        new()
        {
            Month = month.Month.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture),
            Return = Significant.Of(month.Return),
            BuyAndHold = Significant.Of(month.BuyAndHold),
        };
}

/// <summary>A forecast beside what came.</summary>
internal sealed record ForecastPart
{
    public required string CoinId { get; init; }

    /// <summary>The opening time of the bar that was forecast.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>A return, or the probability that the bar closes higher than the one before.</summary>
    public required decimal? Forecast { get; init; }

    /// <summary>The return that came, or 1 where the bar closed higher and 0 where it did not.</summary>
    public required decimal? Actual { get; init; }
}

/// <summary>Forecasts of about one size, beside what came of them: the two should be alike.</summary>
internal sealed record CalibrationPart
{
    public required decimal? From { get; init; }

    public required decimal? To { get; init; }

    public required int Forecasts { get; init; }

    public required decimal? MeanForecast { get; init; }

    public required decimal? MeanActual { get; init; }
}
