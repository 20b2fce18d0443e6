using System.Runtime.Intrinsics;

namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>
/// A sum that values enter and leave without drift: what each addition rounds away is kept (Knuth's two-sum), so that the averages of two windows over equal
/// prices are equal, and a tie is no cross.
/// </summary>
/// <remarks>Source: Ogita, Rump, Oishi, Accurate Sum and Dot Product, SIAM J. Sci. Comput. 26 (2005), algorithms 3.1 and 4.3.</remarks>
internal struct RunningSum
{
    private double _sum;
    private double _rest;

    public void Add(double value)
    {
        var sum = TwoSum(_sum, value, out var lost);
        _rest += lost;
        _sum = sum;
    }

    /// <summary>Adds one value and takes another out.</summary>
    public void Replace(double old, double value)
    {
        var change = TwoSum(value, -old, out var lostOfChange);
        _sum = TwoSum(_sum, change, out var lost);
        _rest += lost + lostOfChange;
    }

    /// <param name="inverse">1 / count: a product and what it leaves are as exact as a division, and sooner there.</param>
    public readonly double MeanOf(int count, double inverse)
    {
        var mean = _sum * inverse;
        return mean + ((Math.FusedMultiplyAdd(-mean, count, _sum) + _rest) * inverse);
    }

    /// <summary>As one value after the other, to the same bits, with the mean after each: but for the running sums themselves nothing waits for the value before.</summary>
    public Vector256<double> Replace(Vector256<double> old, Vector256<double> values, int count, double inverse)
    {
        var changes = TwoSum(values, -old, out var lostOfChanges);
        var (before, sums) = Running(ref _sum, changes);
        var (_, rests) = Running(ref _rest, LostBy(before, changes, sums) + lostOfChanges);
        var means = sums * inverse;
        return means + ((Vector256.FusedMultiplyAdd(-means, Vector256.Create<double>(count), sums) + rests) * inverse);
    }

    private static (Vector256<double> Before, Vector256<double> After) Running(ref double sum, Vector256<double> values)
    {
        var (start, first) = (sum, sum + values[0]);
        var second = first + values[1];
        var third = second + values[2];
        sum = third + values[3];
        return (Vector256.Create(start, first, second, third), Vector256.Create(first, second, third, sum));
    }

    private static Vector256<double> TwoSum(Vector256<double> a, Vector256<double> b, out Vector256<double> lost)
    {
        var sum = a + b;
        lost = LostBy(a, b, sum);
        return sum;
    }

    private static Vector256<double> LostBy(Vector256<double> a, Vector256<double> b, Vector256<double> sum)
    {
        var added = sum - a;
        return a - (sum - added) + (b - added);
    }

    private static double TwoSum(double a, double b, out double lost)
    {
        var sum = a + b;
        var added = sum - a;
        lost = a - (sum - added) + (b - added);
        return sum;
    }
}
