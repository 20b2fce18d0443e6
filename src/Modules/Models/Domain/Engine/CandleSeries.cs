namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// The candles of one coin, column by column, in ascending time without two of one time; every column as long as <see cref="OpenTimes"/>. Prices are
/// positive, a candle's high and low enclose its open and close.
/// </summary>
/// <param name="CoinId">The coin's slug.</param>
/// <param name="OpenTimes">Milliseconds since 1970, UTC.</param>
internal sealed record CandleSeries(
    string CoinId,
    long[] OpenTimes,
    double[] Open,
    double[] High,
    double[] Low,
    double[] Close,
    double[] Volume
)
{
    /// <summary>What a prediction model forecasts for the bar after each, made when that bar closes; NaN where there is none. As long as the candles, or absent.</summary>
    public double[]? Forecast { get; init; }

    public int Count => OpenTimes.Length;

    /// <summary>The index of the first candle that opens at or after a time; <see cref="Count"/> when there is none.</summary>
    public int FirstAtOrAfter(long time)
    {
        var index = Array.BinarySearch(OpenTimes, time);
        return index < 0 ? ~index : index;
    }
}
