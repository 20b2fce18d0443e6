namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>Volatility, channels and trends. See <see cref="Averages"/> for what holds of all.</summary>
internal static class Ranges
{
    /// <summary>Of the population (n).</summary>
    public static void StandardDeviation(
        ReadOnlySpan<double> values,
        int length,
        Span<double> result,
        CancellationToken stop
    )
    {
        for (var i = 0; i < values.Length; i++)
        {
            Windows.LookUp(i, stop);
            result[i] = i < length - 1 ? double.NaN : Spread(values.Slice(i - length + 1, length)).Deviation;
        }
    }

    /// <param name="percentB">Where the value lies between the bands: 0 the lower, 1 the upper.</param>
    /// <param name="zScore">How many deviations it lies from the average.</param>
    /// <param name="width">Upper − lower, as a ratio of the average.</param>
    public static void Bollinger(
        ReadOnlySpan<double> values,
        int length,
        double deviations,
        Span<double> average,
        Span<double> upper,
        Span<double> lower,
        Span<double> percentB,
        Span<double> zScore,
        Span<double> width,
        CancellationToken stop
    )
    {
        for (var i = 0; i < values.Length; i++)
        {
            Windows.LookUp(i, stop);
            var (mean, deviation) =
                i < length - 1 ? (double.NaN, double.NaN) : Spread(values.Slice(i - length + 1, length));
            average[i] = mean;
            upper[i] = mean + (deviations * deviation);
            lower[i] = mean - (deviations * deviation);
            percentB[i] = Ratio(values[i] - lower[i], upper[i] - lower[i]);
            zScore[i] = Ratio(values[i] - mean, deviation);
            width[i] = Ratio(upper[i] - lower[i], mean);
        }
    }

    /// <summary>Wilder's average of true ranges.</summary>
    public static void Atr(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        int length,
        Span<double> result
    )
    {
        var sum = 0.0;
        for (var i = 0; i < close.Length; i++)
        {
            var range = i == 0 ? 0 : TrueRange(high, low, close, i);
            sum += range;
            result[i] =
                i < length ? double.NaN
                : i == length ? sum / length
                : ((result[i - 1] * (length - 1)) + range) / length;
        }
    }

    /// <summary>Wilder's directional movement.</summary>
    public static void Adx(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        int length,
        Span<double> adx,
        Span<double> plus,
        Span<double> minus,
        Span<double> dx,
        Span<double> adxr
    )
    {
        var (range, up, down, sum) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < close.Length; i++)
        {
            adx[i] = plus[i] = minus[i] = dx[i] = adxr[i] = double.NaN;
            if (i == 0)
            {
                continue;
            }

            var (rise, fall) = (high[i] - high[i - 1], low[i - 1] - low[i]);
            var decay = i <= length ? 1 : 1 - (1.0 / length);
            range = (range * decay) + TrueRange(high, low, close, i);
            up = (up * decay) + (rise > fall ? Math.Max(rise, 0) : 0);
            down = (down * decay) + (fall > rise ? Math.Max(fall, 0) : 0);
            if (i < length || range == 0)
            {
                continue;
            }

            plus[i] = 100 * up / range;
            minus[i] = 100 * down / range;
            dx[i] = plus[i] == minus[i] ? 0 : 100 * Math.Abs(plus[i] - minus[i]) / (plus[i] + minus[i]);
            sum += dx[i];
            if (i >= (2 * length) - 1)
            {
                adx[i] = i == (2 * length) - 1 ? sum / length : ((adx[i - 1] * (length - 1)) + dx[i]) / length;
                adxr[i] = (adx[i] + adx[i - length]) / 2;
            }
        }
    }

    /// <param name="width">Upper − lower, as a ratio of the centre.</param>
    public static void Keltner(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        int length,
        double multiple,
        int atrLength,
        Span<double> centre,
        Span<double> upper,
        Span<double> lower,
        Span<double> width
    )
    {
        Averages.Ema(close, length, centre);
        Atr(high, low, close, atrLength, width);
        for (var i = 0; i < close.Length; i++)
        {
            // Where the one warms up longer, the channel does.
            centre[i] = double.IsNaN(width[i]) ? double.NaN : centre[i];
            upper[i] = centre[i] + (multiple * width[i]);
            lower[i] = centre[i] - (multiple * width[i]);
            width[i] = Ratio(upper[i] - lower[i], centre[i]);
        }
    }

    /// <summary>The highest high and the lowest low of the bars before, this one left out, so that a close can break out.</summary>
    public static void Donchian(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        int length,
        Span<double> upper,
        Span<double> centre,
        Span<double> lower,
        Span<double> width,
        CancellationToken stop
    )
    {
        var (highest, lowest) = (new RollingExtreme(length, stop), new RollingExtreme(length, stop));
        for (var i = 0; i < high.Length; i++)
        {
            upper[i] = lower[i] = double.NaN;
            if (i > 0)
            {
                var (top, bottom) = (highest.Next(high, i - 1, 1), lowest.Next(low, i - 1, -1));
                (upper[i], lower[i]) = i < length ? (double.NaN, double.NaN) : (high[top], low[bottom]);
            }

            centre[i] = (upper[i] + lower[i]) / 2;
            width[i] = Ratio(upper[i] - lower[i], centre[i]);
        }
    }

    /// <summary>Wilder's stop and reverse. The first trend is a guess, so that there is no value up to the first reversal.</summary>
    public static void ParabolicSar(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        double step,
        double most,
        Span<double> result
    )
    {
        if (high.IsEmpty)
        {
            return;
        }

        var (rising, known, acceleration, extreme, sar) = (true, false, step, high[0], low[0]);
        result[0] = double.NaN;
        for (var i = 1; i < high.Length; i++)
        {
            sar += acceleration * (extreme - sar);
            if (i > 1)
            {
                sar = rising
                    ? Math.Min(sar, Math.Min(low[i - 1], low[i - 2]))
                    : Math.Max(sar, Math.Max(high[i - 1], high[i - 2]));
            }

            var reverses = rising ? low[i] < sar : high[i] > sar;
            if (reverses)
            {
                (sar, rising, acceleration) = (extreme, !rising, step);
                extreme = rising ? high[i] : low[i];
            }
            else if (rising ? high[i] > extreme : low[i] < extreme)
            {
                extreme = rising ? high[i] : low[i];
                acceleration = Math.Min(acceleration + step, most);
            }

            result[i] = known ? sar : double.NaN;
            known |= reverses;
        }
    }

    /// <param name="upper">The trend's line while it falls, NaN while it rises.</param>
    /// <param name="lower">The other way round.</param>
    public static void SuperTrend(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        int length,
        double multiple,
        Span<double> trend,
        Span<double> upper,
        Span<double> lower
    )
    {
        Atr(high, low, close, length, trend);
        var (rising, top, bottom) = (true, double.NaN, double.NaN);
        for (var i = 0; i < close.Length; i++)
        {
            var (middle, reach) = ((high[i] + low[i]) / 2, multiple * trend[i]);
            if (double.IsNaN(reach))
            {
                upper[i] = lower[i] = double.NaN;
                continue;
            }

            if (double.IsNaN(top))
            {
                (rising, top, bottom) = (close[i] >= middle, middle + reach, middle - reach);
            }

            top = middle + reach < top || close[i - 1] > top ? middle + reach : top;
            bottom = middle - reach > bottom || close[i - 1] < bottom ? middle - reach : bottom;
            rising = close[i] > (rising ? bottom : top);
            trend[i] = rising ? bottom : top;
            upper[i] = rising ? double.NaN : top;
            lower[i] = rising ? bottom : double.NaN;
        }
    }

    /// <summary>Candles of averages: close (o + h + l + c) / 4, open the middle of the body before.</summary>
    public static void HeikinAshi(
        ReadOnlySpan<double> open,
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        Span<double> smoothOpen,
        Span<double> smoothHigh,
        Span<double> smoothLow,
        Span<double> smoothClose
    )
    {
        for (var i = 0; i < close.Length; i++)
        {
            smoothClose[i] = (open[i] + high[i] + low[i] + close[i]) / 4;
            smoothOpen[i] = i == 0 ? (open[i] + close[i]) / 2 : (smoothOpen[i - 1] + smoothClose[i - 1]) / 2;
            smoothHigh[i] = Math.Max(high[i], Math.Max(smoothOpen[i], smoothClose[i]));
            smoothLow[i] = Math.Min(low[i], Math.Min(smoothOpen[i], smoothClose[i]));
        }
    }

    /// <summary>The middles of windows; the leading spans are those of so many bars ago. The lagging span, a close of the future, is left out.</summary>
    public static void Ichimoku(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        int conversionLength,
        int baseLength,
        int spanLength,
        Span<double> conversion,
        Span<double> baseLine,
        Span<double> spanA,
        Span<double> spanB,
        CancellationToken stop
    )
    {
        Middle(high, low, conversionLength, conversion, stop);
        Middle(high, low, baseLength, baseLine, stop);
        Middle(high, low, spanLength, spanB, stop);
        for (var i = high.Length - 1; i >= 0; i--)
        {
            var before = i - baseLength;
            spanA[i] = before < 0 ? double.NaN : (conversion[before] + baseLine[before]) / 2;
            spanB[i] = before < 0 ? double.NaN : spanB[before];
        }
    }

    private static void Middle(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        int length,
        Span<double> result,
        CancellationToken stop
    )
    {
        var (highest, lowest) = (new RollingExtreme(length, stop), new RollingExtreme(length, stop));
        for (var i = 0; i < high.Length; i++)
        {
            var (top, bottom) = (high[highest.Next(high, i, 1)], low[lowest.Next(low, i, -1)]);
            result[i] = i < length - 1 ? double.NaN : (top + bottom) / 2;
        }
    }

    private static double TrueRange(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        int i
    ) => Math.Max(high[i] - low[i], Math.Max(Math.Abs(high[i] - close[i - 1]), Math.Abs(low[i] - close[i - 1])));

    private static (double Mean, double Deviation) Spread(ReadOnlySpan<double> window)
    {
        var (sum, squares) = (new RunningSum(), 0.0);
        foreach (var value in window)
        {
            sum.Add(value);
        }

        // Of equal values it is that value: they do not spread.
        var mean = sum.MeanOf(window.Length, 1.0 / window.Length);
        foreach (var value in window)
        {
            squares += (value - mean) * (value - mean);
        }

        return (mean, Math.Sqrt(squares / window.Length));
    }

    private static double Ratio(double numerator, double denominator) =>
        denominator == 0 ? double.NaN : numerator / denominator;
}
