using System.Runtime.Intrinsics;

namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>
/// Moving averages. All of these, and of the other indicator classes, write NaN while they warm up, allocate nothing, and look at no bar after the one they
/// write.
/// </summary>
/// <remarks>Conventions (what an average starts from, how long it warms up) are those of Skender.Stock.Indicators 3.</remarks>
internal static class Averages
{
    public static void Sma(ReadOnlySpan<double> values, int length, Span<double> result)
    {
        var (sum, inverse, first) = (new RunningSum(), 1.0 / length, Math.Min(length, values.Length));
        for (var i = 0; i < first; i++)
        {
            sum.Add(values[i]);
            result[i] = i < length - 1 ? double.NaN : sum.MeanOf(length, inverse);
        }

        var lanes = Vector256<double>.Count;
        for (; first <= values.Length - lanes; first += lanes)
        {
            var old = Vector256.Create(values.Slice(first - length, lanes));
            var entering = Vector256.Create(values.Slice(first, lanes));
            sum.Replace(old, entering, length, inverse).CopyTo(result.Slice(first, lanes));
        }

        for (var i = first; i < values.Length; i++)
        {
            sum.Replace(values[i - length], values[i]);
            result[i] = sum.MeanOf(length, inverse);
        }
    }

    /// <summary>Starts from the simple average of the first values.</summary>
    public static void Ema(ReadOnlySpan<double> values, int length, Span<double> result)
    {
        var ema = new Exponential(length);
        for (var i = 0; i < values.Length; i++)
        {
            result[i] = ema.Next(values[i]);
        }
    }

    /// <summary>Weights 1 (oldest) to length (newest).</summary>
    public static void Wma(ReadOnlySpan<double> values, int length, Span<double> result, CancellationToken stop)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Windows.LookUp(i, stop);
            result[i] = WmaAt(values, length, i);
        }
    }

    /// <summary>2 × EMA − EMA of EMA; both start from the simple average.</summary>
    public static void Dema(ReadOnlySpan<double> values, int length, Span<double> result)
    {
        var first = new Exponential(length);
        var second = double.NaN;
        for (var i = 0; i < values.Length; i++)
        {
            var one = first.Next(values[i]);
            second = i < length ? one : first.Smooth(second, one);
            result[i] = (2 * one) - second;
        }
    }

    /// <summary>3 × EMA − 3 × EMA of EMA + EMA of EMA of EMA; all start from the simple average.</summary>
    public static void Tema(ReadOnlySpan<double> values, int length, Span<double> result)
    {
        var first = new Exponential(length);
        var (second, third) = (double.NaN, double.NaN);
        for (var i = 0; i < values.Length; i++)
        {
            var one = first.Next(values[i]);
            second = i < length ? one : first.Smooth(second, one);
            third = i < length ? one : first.Smooth(third, second);
            result[i] = (3 * one) - (3 * second) + third;
        }
    }

    /// <summary>Hull: WMA over √length of 2 × WMA(length / 2) − WMA(length), the lengths' whole parts.</summary>
    public static void Hma(ReadOnlySpan<double> values, int length, Span<double> result, CancellationToken stop)
    {
        var smoothing = (int)Math.Sqrt(length);
        for (var i = values.Length - 1; i >= 0; i--)
        {
            Windows.LookUp(i, stop);
            result[i] = (2 * WmaAt(values, length / 2, i)) - WmaAt(values, length, i);
        }

        // From the end, so that what is still needed is not yet written over.
        for (var i = values.Length - 1; i >= 0; i--)
        {
            Windows.LookUp(i, stop);
            result[i] = WmaAt(result, smoothing, i);
        }
    }

    /// <summary>Kaufman: an average that is as fast as the trend is clean. Starts from the price.</summary>
    public static void Kama(
        ReadOnlySpan<double> values,
        int length,
        int fast,
        int slow,
        Span<double> result,
        CancellationToken stop
    )
    {
        var (fastest, slowest) = (2.0 / (fast + 1), 2.0 / (slow + 1));
        for (var i = 0; i < values.Length; i++)
        {
            Windows.LookUp(i, stop);
            if (i < length)
            {
                result[i] = i < length - 1 ? double.NaN : values[i];
                continue;
            }

            var path = 0.0;
            for (var j = i - length + 1; j <= i; j++)
            {
                path += Math.Abs(values[j] - values[j - 1]);
            }

            var efficiency = path == 0 ? 0 : Math.Abs(values[i] - values[i - length]) / path;
            var smoothing = Math.Pow((efficiency * (fastest - slowest)) + slowest, 2);
            result[i] = path == 0 ? values[i] : result[i - 1] + (smoothing * (values[i] - result[i - 1]));
        }
    }

    /// <summary>Weighted by volume; NaN where there was none.</summary>
    public static void Vwma(
        ReadOnlySpan<double> values,
        ReadOnlySpan<double> volumes,
        int length,
        Span<double> result,
        CancellationToken stop
    )
    {
        for (var i = 0; i < values.Length; i++)
        {
            Windows.LookUp(i, stop);
            var (value, volume) = (0.0, 0.0);
            for (var j = Math.Max(0, i - length + 1); j <= i; j++)
            {
                value += values[j] * volumes[j];
                volume += volumes[j];
            }

            result[i] = i < length - 1 || volume == 0 ? double.NaN : value / volume;
        }
    }

    /// <summary>Of typical prices, (high + low + close) / 3, weighted by volume since the first bar.</summary>
    public static void Vwap(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        ReadOnlySpan<double> volumes,
        Span<double> result
    )
    {
        var (value, volume) = (0.0, 0.0);
        for (var i = 0; i < close.Length; i++)
        {
            value += volumes[i] * (high[i] + low[i] + close[i]) / 3;
            volume += volumes[i];
            result[i] = volume == 0 ? double.NaN : value / volume;
        }
    }

    private static double WmaAt(ReadOnlySpan<double> values, int length, int bar)
    {
        if (bar < length - 1)
        {
            return double.NaN;
        }

        var sum = 0.0;
        for (var weight = 1; weight <= length; weight++)
        {
            sum += weight * values[bar - length + weight];
        }

        return sum / (length * (length + 1) / 2);
    }
}
