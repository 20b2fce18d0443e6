namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>Momentum and volume. See <see cref="Averages"/> for what holds of all.</summary>
internal static class Oscillators
{
    public static void Macd(
        ReadOnlySpan<double> values,
        int fast,
        int slow,
        int smoothing,
        Span<double> macd,
        Span<double> signal,
        Span<double> histogram
    )
    {
        var (fastEma, slowEma, signalEma) = (new Exponential(fast), new Exponential(slow), new Exponential(smoothing));
        for (var i = 0; i < values.Length; i++)
        {
            macd[i] = fastEma.Next(values[i]) - slowEma.Next(values[i]);
            signal[i] = double.IsNaN(macd[i]) ? double.NaN : signalEma.Next(macd[i]);
            histogram[i] = macd[i] - signal[i];
        }
    }

    /// <summary>Wilder: 100 − 100 / (1 + average gain / average loss); 100 without a loss.</summary>
    public static void Rsi(ReadOnlySpan<double> values, int length, Span<double> result)
    {
        var (gain, loss) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var change = i == 0 ? 0 : values[i] - values[i - 1];
            var (up, down) = (Math.Max(change, 0), Math.Max(-change, 0));
            if (i <= length)
            {
                gain += up / length;
                loss += down / length;
            }
            else
            {
                gain = ((gain * (length - 1)) + up) / length;
                loss = ((loss * (length - 1)) + down) / length;
            }

            result[i] =
                i < length ? double.NaN
                : loss > 0 ? 100 - (100 / (1 + (gain / loss)))
                : 100;
        }
    }

    /// <summary>Lane: where the close lies within the window's range, in per cent, smoothed; its average; 3 × it − 2 × its average.</summary>
    public static void Stochastic(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        int length,
        int signalLength,
        int smoothing,
        Span<double> oscillator,
        Span<double> signal,
        Span<double> j,
        CancellationToken stop
    )
    {
        var (highest, lowest) = (new RollingExtreme(length, stop), new RollingExtreme(length, stop));
        for (var i = 0; i < close.Length; i++)
        {
            var (top, bottom) = (high[highest.Next(high, i, 1)], low[lowest.Next(low, i, -1)]);
            j[i] =
                i < length - 1 ? double.NaN
                : top == bottom ? 0
                : 100 * (close[i] - bottom) / (top - bottom);
        }

        MeanOfKnown(j, smoothing, oscillator);
        MeanOfKnown(oscillator, signalLength, signal);
        for (var i = 0; i < close.Length; i++)
        {
            j[i] = (3 * oscillator[i]) - (2 * signal[i]);
        }
    }

    /// <summary>The stochastic of the RSI.</summary>
    /// <param name="scratch">As long as the others; what is in it afterwards means nothing.</param>
    public static void StochasticRsi(
        ReadOnlySpan<double> values,
        int rsiLength,
        int length,
        int signalLength,
        int smoothing,
        Span<double> oscillator,
        Span<double> signal,
        Span<double> scratch,
        CancellationToken stop
    )
    {
        oscillator.Fill(double.NaN);
        signal.Fill(double.NaN);
        if (values.Length <= rsiLength)
        {
            return;
        }

        Rsi(values, rsiLength, signal);
        var rsi = signal[rsiLength..];
        var (highest, lowest) = (new RollingExtreme(length, stop), new RollingExtreme(length, stop));
        for (var i = 0; i < rsi.Length; i++)
        {
            var (top, bottom) = (rsi[highest.Next(rsi, i, 1)], rsi[lowest.Next(rsi, i, -1)]);
            scratch[rsiLength + i] =
                i < length - 1 ? double.NaN
                : top == bottom ? 0
                : 100 * (rsi[i] - bottom) / (top - bottom);
        }

        MeanOfKnown(scratch[rsiLength..], smoothing, oscillator[rsiLength..]);
        MeanOfKnown(oscillator, signalLength, signal);
    }

    /// <summary>Lambert: (typical price − its average) / (0.015 × its mean deviation).</summary>
    public static void Cci(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        int length,
        Span<double> result,
        CancellationToken stop
    )
    {
        for (var i = 0; i < close.Length; i++)
        {
            Windows.LookUp(i, stop);
            result[i] = double.NaN;
            if (i < length - 1)
            {
                continue;
            }

            var (sum, deviation) = (new RunningSum(), 0.0);
            for (var j = i - length + 1; j <= i; j++)
            {
                sum.Add(Typical(high, low, close, j));
            }

            var mean = sum.MeanOf(length, 1.0 / length);
            for (var j = i - length + 1; j <= i; j++)
            {
                deviation += Math.Abs(Typical(high, low, close, j) - mean) / length;
            }

            if (deviation != 0)
            {
                result[i] = (Typical(high, low, close, i) - mean) / (0.015 * deviation);
            }
        }
    }

    /// <summary>Money flow: the RSI's formula over typical price × volume; 100 without a fall.</summary>
    public static void Mfi(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        ReadOnlySpan<double> volume,
        int length,
        Span<double> result,
        CancellationToken stop
    )
    {
        for (var i = 0; i < close.Length; i++)
        {
            Windows.LookUp(i, stop);
            var (rising, falling) = (0.0, 0.0);
            for (var j = i - length + 1; i >= length && j <= i; j++)
            {
                var (price, before) = (Typical(high, low, close, j), Typical(high, low, close, j - 1));
                rising += price > before ? price * volume[j] : 0;
                falling += price < before ? price * volume[j] : 0;
            }

            result[i] =
                i < length ? double.NaN
                : falling == 0 ? 100
                : 100 - (100 / (1 + (rising / falling)));
        }
    }

    /// <summary>Granville: volume added on a rise of the close, taken off on a fall; 0 on the first bar.</summary>
    public static void Obv(ReadOnlySpan<double> close, ReadOnlySpan<double> volume, Span<double> result)
    {
        var sum = 0.0;
        for (var i = 0; i < close.Length; i++)
        {
            sum += i == 0 ? 0 : Math.Sign(close[i] - close[i - 1]) * volume[i];
            result[i] = sum;
        }
    }

    /// <summary>The change over so many bars, in per cent.</summary>
    public static void Roc(ReadOnlySpan<double> values, int length, Span<double> result)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var before = i < length ? 0 : values[i - length];
            result[i] = before == 0 ? double.NaN : 100 * (values[i] - before) / before;
        }
    }

    /// <summary>How far the close lies below the window's highest high, in per cent of the range: −100 to 0.</summary>
    public static void WilliamsR(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        int length,
        Span<double> result,
        CancellationToken stop
    )
    {
        var (highest, lowest) = (new RollingExtreme(length, stop), new RollingExtreme(length, stop));
        for (var i = 0; i < close.Length; i++)
        {
            var (top, bottom) = (high[highest.Next(high, i, 1)], low[lowest.Next(low, i, -1)]);
            result[i] =
                i < length - 1 ? double.NaN
                : top == bottom ? -100
                : (100 * (close[i] - bottom) / (top - bottom)) - 100;
        }
    }

    /// <summary>How long ago the highest high and the lowest low were within length + 1 bars, in per cent of the length: 100 is now. Of equal ones the first.</summary>
    public static void Aroon(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        int length,
        Span<double> up,
        Span<double> down,
        Span<double> oscillator,
        CancellationToken stop
    )
    {
        for (var i = 0; i < high.Length; i++)
        {
            Windows.LookUp(i, stop);
            if (i < length)
            {
                up[i] = down[i] = oscillator[i] = double.NaN;
                continue;
            }

            var (top, bottom) = (i - length, i - length);
            for (var j = i - length + 1; j <= i; j++)
            {
                top = high[j] > high[top] ? j : top;
                bottom = low[j] < low[bottom] ? j : bottom;
            }

            up[i] = 100.0 * (length - (i - top)) / length;
            down[i] = 100.0 * (length - (i - bottom)) / length;
            oscillator[i] = up[i] - down[i];
        }
    }

    private static double Typical(
        ReadOnlySpan<double> high,
        ReadOnlySpan<double> low,
        ReadOnlySpan<double> close,
        int i
    ) => (high[i] + low[i] + close[i]) / 3;

    /// <summary>The simple average of values that begin with NaN.</summary>
    private static void MeanOfKnown(ReadOnlySpan<double> values, int length, Span<double> result)
    {
        var first = 0;
        while (first < values.Length && double.IsNaN(values[first]))
        {
            result[first++] = double.NaN;
        }

        Averages.Sma(values[first..], length, result[first..]);
    }
}
