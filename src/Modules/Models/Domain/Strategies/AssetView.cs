using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>One asset as a strategy is bound to it: its series, each readable through a prefix alone.</summary>
/// <param name="lines">Those that the strategy asked for, in its order.</param>
/// <param name="firstBar">The index of the first bar of the period; those before warm up.</param>
internal sealed class AssetView(
    CandleSeries candles,
    IReadOnlyList<Line> lines,
    int firstBar,
    int assetCount,
    long interval
)
{
    public string CoinId => candles.CoinId;

    public int FirstBar => firstBar;

    /// <summary>How many assets share the cash.</summary>
    public int AssetCount => assetCount;

    public IReadOnlyList<Line> Lines => lines;

    public Line Price(PriceField field) =>
        new(
            field switch
            {
                PriceField.Open => candles.Open,
                PriceField.High => candles.High,
                PriceField.Low => candles.Low,
                PriceField.Close => candles.Close,
                PriceField.Volume => candles.Volume,
                // Without a prediction model there is no forecast: no value, so that nothing that asks for it holds.
                _ => candles.Forecast ?? [.. Enumerable.Repeat(double.NaN, candles.Count)],
            }
        );

    /// <summary>1 at each bar in which a time falls, or in the gap before it; 0 at the others. A bar lasts to the next one's regular opening time.</summary>
    /// <param name="times">Milliseconds since 1970, ascending.</param>
    public Line Marks(long[] times)
    {
        var marks = new double[candles.Count];
        var next = 0;
        for (var bar = 0; bar < marks.Length; bar++)
        {
            while (next < times.Length && times[next] < candles.OpenTimes[bar] + interval)
            {
                // What lies before the first candle falls in no bar.
                marks[bar] = bar > 0 || times[next] >= candles.OpenTimes[0] ? 1 : 0;
                next++;
            }
        }

        return new(marks);
    }
}

internal enum PriceField
{
    Open,
    High,
    Low,
    Close,
    Volume,

    /// <summary>What a prediction model says of the next bar.</summary>
    Forecast,
}
