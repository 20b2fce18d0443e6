using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Prediction;

/// <summary>
/// What is known of one asset at each bar's close, and what came next: the last returns, and the indicators' lines. Nothing in a row looks past its bar.
/// </summary>
internal sealed class FeatureTable
{
    /// <summary>Lines that are prices: what matters of them is how far the close is from them.</summary>
    private static readonly HashSet<string> Prices =
    [
        "sma",
        "ema",
        "wma",
        "dema",
        "tema",
        "hma",
        "kama",
        "vwma",
        "vwap",
        "bb",
        "keltner",
        "donchian",
        "psar",
        "supertrend",
        "heikinashi",
        "ichimoku",
    ];

    private readonly double[][] _columns;

    private FeatureTable(CandleSeries candles, double[][] columns)
    {
        Candles = candles;
        _columns = columns;
    }

    public CandleSeries Candles { get; }

    public int Width => _columns.Length;

    public static FeatureTable Of(
        CandleSeries candles,
        PredictionConfiguration configuration,
        CancellationToken cancellationToken
    ) =>
        new(
            candles,
            [
                .. Enumerable.Range(0, configuration.Lags).Select(lag => Returns(candles, lag)),
                .. configuration.Indicators.Select(text =>
                    Indicated(candles, IndicatorLine.Read(text, out _)!, cancellationToken)
                ),
            ]
        );

    /// <summary>How many candles before the first bar it wants.</summary>
    public static int WarmUpBars(PredictionConfiguration configuration) =>
        configuration
            .Indicators.Select(text => IndicatorLine.Read(text, out _)!.Call.WarmUp)
            .Append(configuration.Lags + 1)
            .Max();

    /// <summary>What is known at a bar's close; null where something is not.</summary>
    public float[]? At(int bar)
    {
        var row = new float[_columns.Length];
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = (float)_columns[i][bar];
            if (!float.IsFinite(row[i]))
            {
                return null;
            }
        }

        return row;
    }

    /// <summary>The return of a bar: close / the close before − 1; NaN of the first.</summary>
    public double ReturnOf(int bar) => bar == 0 ? double.NaN : (Candles.Close[bar] / Candles.Close[bar - 1]) - 1;

    private static double[] Returns(CandleSeries candles, int lag)
    {
        var column = new double[candles.Count];
        Array.Fill(column, double.NaN);
        for (var bar = lag + 1; bar < column.Length; bar++)
        {
            column[bar] = (candles.Close[bar - lag] / candles.Close[bar - lag - 1]) - 1;
        }

        return column;
    }

    private static double[] Indicated(CandleSeries candles, IndicatorLine line, CancellationToken cancellationToken)
    {
        var column = line.Call.Over(candles, cancellationToken: cancellationToken)[line.Index];
        return Prices.Contains(line.Call.Indicator.Name)
            ? [.. column.Select((value, bar) => (candles.Close[bar] / value) - 1)]
            : column;
    }
}
