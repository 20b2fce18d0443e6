using System.Numerics;
using System.Runtime.Intrinsics;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>
/// A series over an asset's candles as a strategy sees it. It can be read through a <see cref="Prefix"/> alone, at the bar that has just closed or before: what comes
/// after can't be asked for.
/// </summary>
internal readonly struct Line(double[] values)
{
    private readonly double[] _values = values;

    /// <summary>At the bar that has just closed; NaN where there is no value.</summary>
    public double Now(Prefix bars) => _values[bars.Last];

    /// <summary>At the bar before it; NaN where there is none.</summary>
    public double Before(Prefix bars)
    {
        // One comparison for both ends of the array: the first bar's index before is the largest of all.
        var before = (uint)(bars.Last - 1);
        return before < (uint)_values.Length ? _values[before] : double.NaN;
    }

    /// <summary>Now above, and at or below a bar ago: what is above already does not cross.</summary>
    public bool CrossesAbove(Line other, Prefix bars) =>
        Now(bars) > other.Now(bars) && Before(bars) <= other.Before(bars);

    /// <summary>The first bar of a stretch for which <see cref="CrossesAbove"/> holds, four bars at a time; <paramref name="to"/> where there is none.</summary>
    public int NextCrossAbove(Line other, int from, int to)
    {
        var (lanes, bar) = (Vector256<double>.Count, Math.Max(from, 1));
        var line = _values.AsSpan(0, to);
        var level = other._values.AsSpan(0, to);
        for (; bar <= to - lanes; bar += lanes)
        {
            var crosses =
                Vector256.GreaterThan(
                    Vector256.Create(line.Slice(bar, lanes)),
                    Vector256.Create(level.Slice(bar, lanes))
                )
                & Vector256.LessThanOrEqual(
                    Vector256.Create(line.Slice(bar - 1, lanes)),
                    Vector256.Create(level.Slice(bar - 1, lanes))
                );
            if (crosses.ExtractMostSignificantBits() is not 0 and var found)
            {
                return bar + BitOperations.TrailingZeroCount(found);
            }
        }

        while (bar < to && !(line[bar] > level[bar] && line[bar - 1] <= level[bar - 1]))
        {
            bar++;
        }

        return Math.Min(bar, to);
    }

    /// <inheritdoc cref="CrossesAbove"/>
    public bool CrossesBelow(Line other, Prefix bars) => other.CrossesAbove(this, bars);
}
