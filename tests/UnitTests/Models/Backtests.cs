using System.Text.Json;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>The vocabulary of back-test tests.</summary>
internal static class Backtests
{
    /// <summary>Over all candles, in daily bars.</summary>
    public static BacktestRequest Request(string configuration, params CandleSeries[] assets) =>
        new()
        {
            Assets = assets,
            Configuration = Configuration(configuration),
            Start = assets.Min(asset => asset.OpenTimes[0]),
            End = assets.Max(asset => asset.OpenTimes[^1]) + Candles.Day,
            Interval = Candles.Day,
        };

    public static BacktestOutcome Run(this BacktestRequest request) => BacktestEngine.Run(request);

    public static BacktestOutcome Run(string configuration, params CandleSeries[] assets) =>
        Request(configuration, assets).Run();

    public static double[] Yardstick(this BacktestOutcome outcome)
    {
        var equity = new double[outcome.Times.Length];
        outcome.BuyAndHold.CopyTo(0, equity);
        return equity;
    }

    public static StrategyConfiguration Configuration(string json) =>
        StrategyConfiguration.Read(JsonElement.Parse(json), out var errors)
        ?? throw new ArgumentException(string.Join("; ", errors), nameof(json));

    /// <summary>Pointers and messages of what is wrong.</summary>
    public static IReadOnlyList<ConfigurationError> Errors(string json)
    {
        StrategyConfiguration.Read(JsonElement.Parse(json), out var errors);
        return errors;
    }

    /// <summary>A <c>signals</c> configuration that buys after one bar and, if told, sells after another.</summary>
    public static string Signals(int entry, int? exit = null, string more = "") =>
        $$"""{"strategy":"signals","entries":["{{Time(entry)}}"]{{(exit is { } bar ? $",\"exits\":[\"{Time(bar)}\"]" : "")}}{{more}}}""";

    public static string Time(int bar) =>
        DateTimeOffset
            .FromUnixTimeMilliseconds(Candles.Start + (bar * Candles.Day))
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
