namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>
/// Where the largest value of a window is that moves along a series bar by bar; of equal ones the latest. It looks back over the window only when the largest has
/// left it. For the smallest, hand it the values with their signs turned.
/// </summary>
internal struct RollingExtreme(int length, CancellationToken stop)
{
    private int _at = -1;

    /// <param name="sign">1 for the largest, −1 for the smallest.</param>
    /// <returns>The index of the extreme of the window that ends with <paramref name="bar"/>, which is one more than the last time.</returns>
    public int Next(ReadOnlySpan<double> values, int bar, int sign)
    {
        var first = Math.Max(0, bar - length + 1);
        if (_at < first)
        {
            // A market that goes one way only has it look back at every bar.
            stop.ThrowIfCancellationRequested();
            _at = first;
            for (var i = first + 1; i <= bar; i++)
            {
                if (sign * values[i] >= sign * values[_at])
                {
                    _at = i;
                }
            }
        }
        else if (sign * values[bar] >= sign * values[_at])
        {
            _at = bar;
        }

        return _at;
    }
}
