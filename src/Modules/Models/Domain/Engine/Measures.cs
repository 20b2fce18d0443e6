using System.Runtime.Intrinsics;
using CryptoBeacon.Domain.Returns;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// The equity at the closes as it comes, and the sums from which measures follow: taken block by block while it is at hand, since a sweep asks for them by the thousand.
/// The formulas are those of <see cref="ReturnSeries"/>, which a test holds them against.
/// </summary>
/// <param name="whole">Where all of it is kept, with room for every step; null where nobody wants more than the measures.</param>
internal sealed class EquityCurve(Market market, double initial, double riskFreeRate, double[]? whole)
{
    // Small enough to be still in the nearest cache when it is measured.
    private const int Block = 2048;

    // Equal returns leave a variance of rounding errors, which is none.
    private const double Noise = 1e-13;

    private readonly double[] _equity = whole ?? new double[Math.Min(Block, market.Steps)];
    private readonly double _riskFree = riskFreeRate / market.StepsPerYear;
    private int _first;
    private int _filled;
    private ReturnSums _sums;
    private double _peak = initial;
    private int _peakStep;
    private double _lowest = initial;

    public int Count { get; private set; }

    public double Final { get; private set; } = initial;

    public double MeanEquity => _sums.Equity / Count;

    /// <summary>Of the steps' returns beyond the risk-free rate.</summary>
    public double Mean => _sums.Excess / Count;

    /// <summary>Of the steps' returns (n−1).</summary>
    public double Deviation
    {
        get
        {
            var variance = (_sums.Squares - (Count * Mean * Mean)) / (Count - 1);
            return variance > Noise * _sums.Squares / Count ? Math.Sqrt(variance) : 0;
        }
    }

    /// <summary>√mean(min(r, 0)²), r beyond the risk-free rate.</summary>
    public double Downside => Math.Sqrt(_sums.Downside / Count);

    /// <summary>A negative ratio, or 0.</summary>
    public double MaxDrawdown { get; private set; }

    /// <summary>Milliseconds from a peak to the step that reaches it again, or to the last.</summary>
    public long LongestDrawdown { get; private set; }

    /// <summary>Where to write the equity of the next steps: of so many, or of fewer that end a block.</summary>
    public Span<double> Next(int steps) => _equity.AsSpan(_first + _filled, Math.Min(steps, Block - _filled));

    /// <summary>So many of the next steps have been written.</summary>
    public void Add(int steps)
    {
        _filled += steps;
        if (_filled == Block || Count + _filled == market.Steps)
        {
            Measure(_equity.AsSpan(_first, _filled));
            _first += whole is null ? 0 : _filled;
            _filled = 0;
        }
    }

    private void Measure(ReadOnlySpan<double> block)
    {
        if (block.IsEmpty)
        {
            return;
        }

        _sums += ReturnSums.Of(block, Final, _riskFree);
        FollowDrawdown(block);
        Count += block.Length;
        Final = block[^1];
        if (Count == market.Steps && _peakStep < Count - 1)
        {
            Lasts(Count - 1);
        }
    }

    private void FollowDrawdown(ReadOnlySpan<double> block)
    {
        var lanes = Vector256<double>.Count;
        for (var i = 0; i < block.Length; )
        {
            // Most of the time nothing is reached, neither a peak nor a new low: four steps are passed over at a time.
            if (i <= block.Length - lanes && AreWithin(Vector256.Create(block.Slice(i, lanes))))
            {
                i += lanes;
                continue;
            }

            var (step, value) = (Count + i, block[i]);
            if (value >= _peak)
            {
                if (step - _peakStep > 1)
                {
                    Lasts(step);
                }

                (_peak, _peakStep, _lowest) = (value, step, value * (1 + MaxDrawdown));
            }
            else if (value < _lowest)
            {
                (MaxDrawdown, _lowest) = ((value / _peak) - 1, value);
            }

            i++;
        }
    }

    private bool AreWithin(Vector256<double> values) =>
        Vector256.LessThanAll(values, Vector256.Create(_peak))
        && Vector256.GreaterThanOrEqualAll(values, Vector256.Create(_lowest));

    private void Lasts(int step) =>
        LongestDrawdown = Math.Max(LongestDrawdown, market.Times[step] - market.Times[_peakStep]);
}

/// <summary>Sums over the returns of an equity curve, in four lanes that are added at the end in one order: the same on every machine.</summary>
/// <param name="Excess">Of returns beyond the risk-free rate.</param>
/// <param name="Squares">Of these.</param>
/// <param name="Downside">Of the squares of the negative ones.</param>
internal readonly record struct ReturnSums(double Equity, double Excess, double Squares, double Downside)
{
    /// <param name="initial">The equity before the first.</param>
    public static ReturnSums Of(ReadOnlySpan<double> equity, double initial, double riskFree)
    {
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
            // Nothing is earned while nothing is held, which spares a division, nor after everything is lost.
            var earned = Vector256.EqualsAll(now, before)
                ? default
                : Vector256.ConditionalSelect(
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

    public static ReturnSums operator +(ReturnSums a, ReturnSums b) =>
        new(a.Equity + b.Equity, a.Excess + b.Excess, a.Squares + b.Squares, a.Downside + b.Downside);

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

    public static BacktestMetrics Of(BacktestRequest request, Market market, Simulation simulation, double buyAndHold)
    {
        var curve = simulation.Curve;
        var root = Math.Sqrt(market.StepsPerYear);
        var growth = Math.Max(0, curve.Final / request.InitialCapital);
        Statistic annualized =
            curve.Count == 0 ? Statistic.None(Unsaid.TooFewPoints) : Large(Math.Pow(growth, 1 / market.Years) - 1);
        var account = simulation.Account;
        var trades = simulation.Trades;
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
            WinRate = Needs(1, trades.Count, (double)trades.Winners / trades.Count),
            AverageTrade = Needs(1, trades.Count, trades.Returns / trades.Count),
            BestTrade = Needs(1, trades.Count, trades.Best),
            WorstTrade = Needs(1, trades.Count, trades.Worst),
            ProfitFactor = Needs(1, trades.Count, Statistic.Ratio(trades.Gains, trades.Losses)),
            Expectancy = Needs(1, trades.Count, trades.Mean),
            Sqn = Needs(2, trades.Count, Statistic.Ratio(Math.Sqrt(trades.Count) * trades.Mean, trades.Deviation)),
            Turnover = Needs(1, curve.Count, Statistic.Ratio(account.Turnover, curve.MeanEquity)),
            FeesPaid = account.FeesPaid,
        };
    }

    private static Statistic Needs(int points, int count, Statistic statistic) =>
        count < points ? Statistic.None(Unsaid.TooFewPoints) : statistic;

    private static Statistic Large(double value) => double.IsFinite(value) ? value : Statistic.None(Unsaid.TooLarge);
}
