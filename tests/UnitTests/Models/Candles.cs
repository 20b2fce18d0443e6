using System.Globalization;
using CryptoBeacon.IntegrationTests.Harness;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>Candles for tests: daily from 2024-01-01 unless said otherwise.</summary>
internal static class Candles
{
    public const long Day = 24 * 60 * 60 * 1000;
    public static readonly long Start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Each opens at the close before and reaches no further than the two.</summary>
    public static CandleSeries Closing(params double[] closes) =>
        Of([.. closes.Select((close, i) => Bar(i == 0 ? close : closes[i - 1], close))]);

    /// <summary>Open, high, low, close.</summary>
    public static CandleSeries Of(params (double Open, double High, double Low, double Close)[] bars) =>
        new(
            "bitcoin",
            [.. bars.Select((_, i) => Start + (i * Day))],
            [.. bars.Select(bar => bar.Open)],
            [.. bars.Select(bar => bar.High)],
            [.. bars.Select(bar => bar.Low)],
            [.. bars.Select(bar => bar.Close)],
            [.. bars.Select(_ => 1.0)]
        );

    /// <summary>A walk that moves some per cent a bar, with gaps between the bars.</summary>
    public static CandleSeries Random(int seed, int count, string coinId = "bitcoin", double lacking = 0)
    {
        var random = new Random(seed);
        var bars = new List<(long Time, double Open, double High, double Low, double Close, double Volume)>();
        var price = 100.0;
        for (var i = 0; i < count; i++)
        {
            var open = Cents(price * (1 + (0.01 * (random.NextDouble() - 0.5))));
            var close = Cents(open * (1 + (0.06 * (random.NextDouble() - 0.5))));
            var high = Cents(Math.Max(open, close) * (1 + (0.02 * random.NextDouble())));
            var low = Cents(Math.Min(open, close) * (1 - (0.02 * random.NextDouble())));
            price = close;
            if (random.NextDouble() >= lacking)
            {
                bars.Add((Start + (i * Day), open, high, low, close, Math.Floor(1000 * random.NextDouble())));
            }
        }

        return new(
            coinId,
            [.. bars.Select(bar => bar.Time)],
            [.. bars.Select(bar => bar.Open)],
            [.. bars.Select(bar => bar.High)],
            [.. bars.Select(bar => bar.Low)],
            [.. bars.Select(bar => bar.Close)],
            [.. bars.Select(bar => bar.Volume)]
        );
    }

    /// <summary>The first so many.</summary>
    public static CandleSeries First(this CandleSeries candles, int count) =>
        candles with
        {
            OpenTimes = candles.OpenTimes[..count],
            Open = candles.Open[..count],
            High = candles.High[..count],
            Low = candles.Low[..count],
            Close = candles.Close[..count],
            Volume = candles.Volume[..count],
            Forecast = candles.Forecast?[..count],
        };

    /// <summary>A file of the shared data with time, open, high, low, close and volume.</summary>
    public static CandleSeries Shared(string path)
    {
        var rows = File.ReadLines(SharedData.File(path)).Skip(1).Select(line => line.Split(',')).ToArray();
        return new(
            "bitcoin",
            [.. rows.Select(row => Time(row[0]))],
            Column(1),
            Column(2),
            Column(3),
            Column(4),
            Column(5)
        );

        double[] Column(int i) => [.. rows.Select(row => double.Parse(row[i], CultureInfo.InvariantCulture))];

        long Time(string text) =>
            long.TryParse(text, out var milliseconds)
                ? milliseconds
                : DateTimeOffset
                    .Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
                    .ToUnixTimeMilliseconds();
    }

    private static (double, double, double, double) Bar(double open, double close) =>
        (open, Math.Max(open, close), Math.Min(open, close), close);

    private static double Cents(double price) => Math.Round(price, 2);
}
