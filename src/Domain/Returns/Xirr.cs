using CryptoBeacon.Domain.Values;
using MathNet.Numerics.RootFinding;

namespace CryptoBeacon.Domain.Returns;

/// <summary>Money paid in (negative) or got back (positive) on a day of UTC.</summary>
public readonly record struct CashFlow(DateOnly Date, double Amount);

/// <summary>
/// The money-weighted return: the yearly rate r at which the present value Σ amount / (1 + r)^(days / 365) of all flows is 0, days counted from
/// the first flow. Of several such rates the one with the smallest |ln(1 + r)|.
/// </summary>
/// <remarks>Source: the definition of XIRR in OASIS OpenFormula 1.2, 6.12.52 (365 days a year, whole days).</remarks>
public static class Xirr
{
    // In years' logarithms, ln(1 + r). Flows that are days apart have rates far beyond any that a year has: a factor of 1e28 from one day to the next is 24,000.
    private const double Farthest = 24_000;
    private const double FirstStep = 1 / 64.0;
    private const double Growth = 1.03;
    private const double Accuracy = 1e-13;

    /// <returns>The rate as a ratio a year, more than −1; or why there is none.</returns>
    public static (double? Rate, Unsaid? Reason) Of(IEnumerable<CashFlow> flows)
    {
        var all = flows
            .GroupBy(flow => flow.Date)
            .Select(day => new CashFlow(day.Key, day.Sum(flow => flow.Amount)))
            .OrderBy(day => day.Date)
            .ToArray();
        var days = all.Where(day => day.Amount != 0).ToArray();
        if (!days.Any(day => day.Amount > 0) || !days.Any(day => day.Amount < 0))
        {
            return (null, all.Length == 1 ? Unsaid.WithinOneDay : Unsaid.OneSided);
        }

        var presentValue = new PresentValue(days);
        if (NearestRoot(presentValue) is not { } logarithm)
        {
            return (null, Unsaid.NoRoot);
        }

        // Flows a few days apart can have a rate that no decimal holds, nor a double.
        var rate = double.ExpM1(logarithm);
        return Exact.Estimate(rate) is null ? (null, Unsaid.TooLarge) : (rate, null);
    }

    /// <summary>
    /// Walks away from 0 in both directions at once, in steps that grow, until the present value changes its sign between two steps, or
    /// turns back between them on the other side of 0.
    /// </summary>
    private static double? NearestRoot(PresentValue value)
    {
        if (value.At(0) == 0)
        {
            return 0;
        }

        var step = FirstStep;
        for (double near = 0; near < Farthest; near += step, step *= Growth)
        {
            var far = near + step;
            var roots = new[] { RootBetween(value, near, far), RootBetween(value, -near, -far) };
            if (roots.Where(root => root is not null).MinBy(root => Math.Abs(root!.Value)) is { } root)
            {
                return root;
            }
        }

        return null;
    }

    private static double? RootBetween(PresentValue value, double near, double far)
    {
        var (atNear, atFar) = (value.At(near), value.At(far));
        if (Math.Sign(atNear) == Math.Sign(atFar))
        {
            // Two roots may hide where the curve turns within the step: its turning point then lies on the other side.
            var turns = Math.Sign(value.SlopeAt(near)) != Math.Sign(value.SlopeAt(far));
            if (
                !turns
                || !Brent.TryFindRoot(value.SlopeAt, Math.Min(near, far), Math.Max(near, far), Accuracy, 100, out far)
            )
            {
                return null;
            }

            atFar = value.At(far);
            if (Math.Sign(atNear) == Math.Sign(atFar))
            {
                return null;
            }
        }

        return Brent.TryFindRoot(value.At, Math.Min(near, far), Math.Max(near, far), Accuracy, 200, out var root)
            ? root
            : null;
    }

    /// <summary>
    /// The present value by x = ln(1 + r), in which it is Σ amount·e^(−t·x): smooth, and with the same roots when multiplied by any e^(c·x).
    /// The factor keeps the largest term near 1, so that nothing overflows.
    /// </summary>
    private sealed class PresentValue(CashFlow[] flows)
    {
        private readonly double[] _years =
        [
            .. flows.Select(flow => (flow.Date.DayNumber - flows[0].Date.DayNumber) / 365.0),
        ];

        public double At(double x)
        {
            double sum = 0;
            for (var i = 0; i < flows.Length; i++)
            {
                sum += flows[i].Amount * Discount(i, x);
            }

            return sum;
        }

        /// <summary>The slope of what <see cref="At"/> gives, up to a positive factor.</summary>
        public double SlopeAt(double x)
        {
            var shift = x < 0 ? _years[^1] : 0;
            double sum = 0;
            for (var i = 0; i < flows.Length; i++)
            {
                sum += flows[i].Amount * (shift - _years[i]) * Discount(i, x);
            }

            return sum;
        }

        private double Discount(int i, double x) => Math.Exp(x < 0 ? (_years[^1] - _years[i]) * x : -_years[i] * x);
    }
}
