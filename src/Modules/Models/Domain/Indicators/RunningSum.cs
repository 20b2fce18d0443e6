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

    private static double TwoSum(double a, double b, out double lost)
    {
        var sum = a + b;
        var added = sum - a;
        lost = a - (sum - added) + (b - added);
        return sum;
    }
}
