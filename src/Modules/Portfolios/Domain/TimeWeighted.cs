namespace CryptoBeacon.Portfolios.Domain;

/// <summary>
/// The time-weighted index of a portfolio or of one of its assets: 1 at the start, and untouched by flows. A sub-period opens just before each inflow, which
/// joins its base, and closes just after each outflow, which joins its end: r = (end + out) / (start + in) − 1, and 0 when the base is 0.
/// </summary>
/// <remarks>
/// Source: the true time-weighted rate of return of the GIPS standards (2020), valued at each external flow. A value that is not known
/// leaves the index unknown from there on.
/// </remarks>
internal sealed class TimeWeighted(double? value)
{
    private double? _index = 1;
    private double? _base = value;

    /// <param name="before">The value just before the inflow.</param>
    /// <param name="amount">What came in, its fee included.</param>
    public void FlowsIn(double? before, double? amount)
    {
        _index = IndexAt(before);
        _base = before + amount;
    }

    /// <param name="after">The value just after the outflow.</param>
    /// <param name="amount">What went out, less its fee.</param>
    public void FlowsOut(double? after, double? amount)
    {
        _index = IndexAt(after + amount);
        _base = after;
    }

    /// <summary>What the index is where the value is <paramref name="value"/>, without closing the sub-period.</summary>
    public double? IndexAt(double? value) =>
        _base switch
        {
            null => null,
            > 0 => _index * value / _base,
            _ => _index,
        };
}
