using MathNet.Numerics.Statistics;

namespace CryptoBeacon.Domain.Returns;

/// <summary>
/// What a series of period returns (ratios: 0.01 is one per cent) says. A period without a value counts as time that passed, in no average. What can't be
/// said is null: an average of nothing, a deviation of fewer than two, a division by zero.
/// </summary>
/// <remarks>
/// Formulas as in Bacon, Practical Portfolio Performance Measurement and Attribution (2nd ed.), chapters 3 and 4: Sharpe with the sample deviation (n−1), Sortino
/// with the downside deviation over all n periods.
/// </remarks>
/// <param name="returns">Each more than or equal to −1 in practice; not checked.</param>
/// <param name="periodsPerYear">365 for days of crypto, which trades every day; 252, 52, 12.</param>
/// <param name="riskFreeRate">A ratio a year; each period bears its arithmetic part.</param>
public sealed class ReturnSeries(IReadOnlyList<double?> returns, double periodsPerYear, double riskFreeRate = 0)
{
    private readonly double[] _known = [.. returns.Where(r => r is not null).Select(r => r!.Value)];

    public int Count => _known.Length;

    /// <summary>Π(1 + r) − 1.</summary>
    public double? TotalReturn => Count == 0 ? null : _known.Aggregate(1.0, (index, r) => index * (1 + r)) - 1;

    /// <summary>(1 + total)^(periods a year / periods) − 1, by all periods that passed.</summary>
    public double? AnnualizedReturn =>
        TotalReturn is { } total && total >= -1
            ? Finite(Math.Pow(1 + total, periodsPerYear / returns.Count) - 1)
            : null;

    /// <summary>Standard deviation (n−1) × √(periods a year).</summary>
    public double? Volatility => Count < 2 ? null : _known.StandardDeviation() * Math.Sqrt(periodsPerYear);

    /// <summary>Mean excess return / standard deviation (n−1) × √(periods a year).</summary>
    public double? Sharpe =>
        Count < 2 ? null : Ratio(Excess.Average() * Math.Sqrt(periodsPerYear), NoiseFree(Excess.StandardDeviation()));

    /// <summary>Mean excess return × periods / downside deviation.</summary>
    public double? Sortino =>
        DownsideDeviation is { } downside ? Ratio(Excess.Average() * periodsPerYear, downside) : null;

    /// <summary>√mean(min(r, 0)²) × √periods, r beyond the risk-free rate.</summary>
    public double? DownsideDeviation =>
        Count == 0 ? null : Math.Sqrt(Excess.Average(r => Math.Pow(Math.Min(r, 0), 2))) * Math.Sqrt(periodsPerYear);

    /// <summary>The largest fall of the index from its running peak, which starts at 1: a negative ratio, or 0.</summary>
    public double? MaxDrawdown
    {
        get
        {
            if (Count == 0)
            {
                return null;
            }

            var (index, peak, worst) = (1.0, 1.0, 0.0);
            foreach (var r in _known)
            {
                index *= 1 + r;
                peak = Math.Max(peak, index);
                worst = Math.Min(worst, (index / peak) - 1);
            }

            return worst;
        }
    }

    /// <summary>Annualised return / |maximum drawdown|.</summary>
    public double? Calmar =>
        AnnualizedReturn is { } annual && MaxDrawdown is { } drawdown ? Ratio(annual, -drawdown) : null;

    private IEnumerable<double> Excess => _known.Select(r => r - (riskFreeRate / periodsPerYear));

    /// <summary>Equal returns leave a deviation of rounding errors, which is none.</summary>
    private double NoiseFree(double deviation) =>
        deviation <= 1e-15 * Math.Max(1, _known.Max(Math.Abs)) ? 0 : deviation;

    private static double? Ratio(double numerator, double denominator) =>
        denominator == 0 ? null : Finite(numerator / denominator);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
