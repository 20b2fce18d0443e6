using System.Runtime.Intrinsics;
using CryptoBeacon.Domain.Returns;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// The sums over an equity curve from which measures follow, in one pass: a sweep asks for them by the thousand. The formulas are those of
/// <see cref="ReturnSeries"/>, which a test holds them against.
/// </summary>
internal readonly struct EquityCurve
{
    // Equal returns leave a variance of rounding errors, which is none.
    private const double Noise = 1e-13;

    public EquityCurve(ReadOnlySpan<double> equity, Market market, double initial, double riskFreeRate)
    {
        var sums = ReturnSums.Of(equity, initial, riskFreeRate / market.StepsPerYear);
        Count = equity.Length;
        Final = Count == 0 ? initial : equity[^1];
        (MeanEquity, Mean) = (sums.Equity / Count, sums.Excess / Count);
        var variance = (sums.Squares - (Count * Mean * Mean)) / (Count - 1);
        Deviation = variance > Noise * sums.Squares / Count ? Math.Sqrt(variance) : 0;
        Downside = Math.Sqrt(sums.Downside / Count);
        (MaxDrawdown, LongestDrawdown) = Drawdown(equity, market.Times, initial);
    }

    public int Count { get; }

    public double Final { get; }

    public double MeanEquity { get; }

    /// <summary>Of the steps' returns beyond the risk-free rate.</summary>
    public double Mean { get; }

    /// <summary>Of the steps' returns (n−1).</summary>
    public double Deviation { get; }

    /// <summary>√mean(min(r, 0)²), r beyond the risk-free rate.</summary>
    public double Downside { get; }

    /// <summary>A negative ratio, or 0.</summary>
    public double MaxDrawdown { get; }

    /// <summary>Milliseconds from a peak to the step that reaches it again, or to the last.</summary>
    public long LongestDrawdown { get; }

    private static (double Worst, long Longest) Drawdown(ReadOnlySpan<double> equity, long[] times, double initial)
    {
        var (peak, peakStep, worst, longest) = (initial, 0, 0.0, 0L);
        var lowest = peak;
        for (var step = 0; step < equity.Length; step++)
        {
            var value = equity[step];
            if (value >= peak)
            {
                longest = step - peakStep > 1 ? Math.Max(longest, times[step] - times[peakStep]) : longest;
                (peak, peakStep, lowest) = (value, step, value * (1 + worst));
            }
            else if (value < lowest)
            {
                (worst, lowest) = ((value / peak) - 1, value);
            }
        }

        var last = equity.Length - 1;
        return (worst, peakStep < last ? Math.Max(longest, times[last] - times[peakStep]) : longest);
    }
}

/// <summary>Sums over the returns of an equity curve, in four lanes that are added at the end in one order: the same on every machine.</summary>
/// <param name="Excess">Of returns beyond the risk-free rate.</param>
/// <param name="Squares">Of these.</param>
/// <param name="Downside">Of the squares of the negative ones.</param>
internal readonly record struct ReturnSums(double Equity, double Excess, double Squares, double Downside)
{
    public static ReturnSums Of(ReadOnlySpan<double> equity, double initial, double riskFree)
    {
        if (equity.IsEmpty)
        {
            return default;
        }

        var lanes = Vector256<double>.Count;
        var (values, excess, squares, downside) = (
            default(Vector256<double>),
            default(Vector256<double>),
            default(Vector256<double>),
            default(Vector256<double>)
        );
        var step = 1;
        for (; step <= equity.Length - lanes; step += lanes)
        {
            var now = Vector256.Create(equity.Slice(step, lanes));
            var before = Vector256.Create(equity.Slice(step - 1, lanes));
            // After everything is lost there is nothing to earn on.
            var earned = Vector256.ConditionalSelect(
                Vector256.GreaterThan(before, default),
                (now / before) - Vector256.Create(1.0),
                default
            );
            var beyond = earned - Vector256.Create(riskFree);
            var loss = Vector256.Min(beyond, default);
            values += now;
            excess += beyond;
            squares += beyond * beyond;
            downside += loss * loss;
        }

        var sums = new ReturnSums(Sum(values), Sum(excess), Sum(squares), Sum(downside)).And(
            equity[0],
            initial,
            riskFree
        );
        for (; step < equity.Length; step++)
        {
            sums = sums.And(equity[step], equity[step - 1], riskFree);
        }

        return sums;
    }

    private ReturnSums And(double now, double before, double riskFree)
    {
        var beyond = (before > 0 ? (now / before) - 1 : 0) - riskFree;
        var loss = Math.Min(beyond, 0);
        return new(Equity + now, Excess + beyond, Squares + (beyond * beyond), Downside + (loss * loss));
    }

    private static double Sum(Vector256<double> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
}

/// <summary>The measures of one run. Formulas: <see cref="MetricCatalogue"/>.</summary>
internal static class Measures
{
    private const double Day = 24 * 60 * 60 * 1000;

    public static BacktestMetrics Of(
        BacktestRequest request,
        Market market,
        Simulation simulation,
        ReadOnlySpan<double> equity,
        IReadOnlyList<SimulatedTrade> trades,
        double buyAndHold
    )
    {
        var curve = new EquityCurve(equity, market, request.InitialCapital, request.RiskFreeRate);
        var root = Math.Sqrt(market.StepsPerYear);
        var growth = Math.Max(0, curve.Final / request.InitialCapital);
        Statistic annualized =
            curve.Count == 0 ? Statistic.None(Unsaid.TooFewPoints) : Large(Math.Pow(growth, 1 / market.Years) - 1);
        var account = simulation.Account;
        var pnl = new TradeSums(trades);
        return new()
        {
            FinalEquity = curve.Final,
            TotalReturn = (curve.Final / request.InitialCapital) - 1,
            AnnualizedReturn = annualized,
            BuyAndHoldReturn = buyAndHold,
            Volatility = Needs(2, curve.Count, curve.Deviation * root),
            Sharpe = Needs(2, curve.Count, Statistic.Ratio(curve.Mean * root, curve.Deviation)),
            Sortino = Needs(1, curve.Count, Statistic.Ratio(curve.Mean * root, curve.Downside)),
            Calmar = annualized.Value is { } yearly ? Statistic.Ratio(yearly, -curve.MaxDrawdown) : annualized,
            MaxDrawdown = Needs(1, curve.Count, curve.MaxDrawdown),
            MaxDrawdownDays = Needs(1, curve.Count, curve.LongestDrawdown / Day),
            Exposure = Needs(1, curve.Count, (double)simulation.HeldSteps / curve.Count),
            Trades = trades.Count,
            WinRate = Needs(1, trades.Count, (double)pnl.Winners / trades.Count),
            AverageTrade = Needs(1, trades.Count, pnl.Returns / trades.Count),
            BestTrade = Needs(1, trades.Count, pnl.Best),
            WorstTrade = Needs(1, trades.Count, pnl.Worst),
            ProfitFactor = Needs(1, trades.Count, Statistic.Ratio(pnl.Gains, pnl.Losses)),
            Expectancy = Needs(1, trades.Count, pnl.Mean),
            Sqn = Needs(2, trades.Count, Statistic.Ratio(Math.Sqrt(trades.Count) * pnl.Mean, pnl.Deviation)),
            Turnover = Needs(1, curve.Count, Statistic.Ratio(account.Turnover, curve.MeanEquity)),
            FeesPaid = account.FeesPaid,
        };
    }

    private static Statistic Needs(int points, int count, Statistic statistic) =>
        count < points ? Statistic.None(Unsaid.TooFewPoints) : statistic;

    private static Statistic Large(double value) => double.IsFinite(value) ? value : Statistic.None(Unsaid.TooLarge);

    private readonly struct TradeSums
    {
        public TradeSums(IReadOnlyList<SimulatedTrade> trades)
        {
            (Best, Worst) = (double.NegativeInfinity, double.PositiveInfinity);
            for (var i = 0; i < trades.Count; i++)
            {
                var (pnl, ratio) = (trades[i].Pnl, trades[i].ReturnRatio);
                Winners += pnl > 0 ? 1 : 0;
                Gains += Math.Max(pnl, 0);
                Losses += Math.Max(-pnl, 0);
                Returns += ratio;
                (Best, Worst) = (Math.Max(Best, ratio), Math.Min(Worst, ratio));
            }

            Mean = (Gains - Losses) / trades.Count;
            var squares = 0.0;
            for (var i = 0; i < trades.Count; i++)
            {
                squares += (trades[i].Pnl - Mean) * (trades[i].Pnl - Mean);
            }

            // Equal amounts leave rounding errors.
            var deviation = Math.Sqrt(squares / (trades.Count - 1));
            Deviation = deviation > 1e-12 * Math.Abs(Mean) ? deviation : 0;
        }

        public int Winners { get; }
        public double Gains { get; }
        public double Losses { get; }
        public double Returns { get; }
        public double Best { get; }
        public double Worst { get; }
        public double Mean { get; }
        public double Deviation { get; }
    }
}
