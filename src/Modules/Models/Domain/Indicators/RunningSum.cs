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
        var sum = _sum + value;
        var added = sum - _sum;
        _rest += _sum - (sum - added) + (value - added);
        _sum = sum;
    }

    public readonly double MeanOf(int count)
    {
        var mean = _sum / count;
        return mean + ((Math.FusedMultiplyAdd(-mean, count, _sum) + _rest) / count);
    }
}
