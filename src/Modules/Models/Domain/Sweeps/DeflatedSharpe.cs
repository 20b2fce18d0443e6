using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Models.Domain.Engine;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace CryptoBeacon.Models.Domain.Sweeps;

/// <summary>
/// The probability that a Sharpe ratio is more than what the best of so many tries without any skill would show, allowing for how short and how far from normal the returns
/// are.
/// </summary>
/// <remarks>Source: Bailey, López de Prado, The Deflated Sharpe Ratio, Journal of Portfolio Management 40 (2014), equations 1 and 2.</remarks>
internal static class DeflatedSharpe
{
    private const double EulerMascheroni = 0.5772156649015329;

    /// <param name="chosen">Of the returns of the chosen try.</param>
    /// <param name="tries">The Sharpe ratios of all tries, a period's, not a year's.</param>
    public static Statistic Of(ReturnMoments chosen, IReadOnlyList<double> tries)
    {
        if (chosen.Count < 2 || tries.Count == 0)
        {
            return Statistic.None(Unsaid.TooFewPoints);
        }

        if (chosen.Deviation == 0)
        {
            return Statistic.None(Unsaid.DivisionByZero);
        }

        var sharpe = chosen.Mean / chosen.Deviation;
        var spread = 1 - (chosen.Skewness * sharpe) + ((chosen.Kurtosis - 1) / 4 * sharpe * sharpe);
        return spread > 0
            ? Normal.CDF(0, 1, (sharpe - BestWithoutSkill(tries)) * Math.Sqrt(chosen.Count - 1) / Math.Sqrt(spread))
            : Statistic.None(Unsaid.DivisionByZero);
    }

    /// <summary>What the largest of so many ratios around 0, as far apart as these, is expected to be.</summary>
    private static double BestWithoutSkill(IReadOnlyList<double> tries) =>
        tries.Count == 1
            ? 0
            : tries.StandardDeviation()
                * (
                    ((1 - EulerMascheroni) * Normal.InvCDF(0, 1, 1 - (1.0 / tries.Count)))
                    + (EulerMascheroni * Normal.InvCDF(0, 1, 1 - (1 / (tries.Count * Math.E))))
                );
}

/// <param name="Deviation">Of the sample (n−1).</param>
/// <param name="Kurtosis">3 for a normal distribution.</param>
internal readonly record struct ReturnMoments(
    int Count,
    double Mean,
    double Deviation,
    double Skewness,
    double Kurtosis
)
{
    public static ReturnMoments Of(ReadOnlySpan<double> equity, double initial)
    {
        var returns = new double[equity.Length];
        for (var i = 0; i < returns.Length; i++)
        {
            var before = i == 0 ? initial : equity[i - 1];
            returns[i] = before > 0 ? (equity[i] / before) - 1 : 0;
        }

        var mean = returns.Length == 0 ? 0 : returns.Average();
        var (second, third, fourth) = (0.0, 0.0, 0.0);
        foreach (var r in returns)
        {
            var square = (r - mean) * (r - mean);
            second += square / returns.Length;
            third += square * (r - mean) / returns.Length;
            fourth += square * square / returns.Length;
        }

        return new(
            returns.Length,
            mean,
            Math.Sqrt(second * returns.Length / (returns.Length - 1)),
            second == 0 ? 0 : third / Math.Pow(second, 1.5),
            second == 0 ? 0 : fourth / (second * second)
        );
    }
}
