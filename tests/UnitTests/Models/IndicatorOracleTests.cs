using System.Text.Json;
using CryptoBeacon.IntegrationTests.Harness;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>The indicators as Skender.Stock.Indicators has them, over 502 bars.</summary>
internal sealed class IndicatorOracleTests
{
    [Test]
    public void Equal_prices_do_not_spread()
    {
        var candles = Candles.Closing([.. Enumerable.Repeat(7.3, 30)]);

        Assert.That(Last("stdev(10)"), Is.EqualTo(new[] { 0.0 }));
        Assert.That(
            Last("bb(10,2)"),
            Is.EqualTo(new[] { 7.3, 7.3, 7.3, double.NaN, double.NaN, 0 }),
            "average, bands, %b, z-score and width"
        );
        Assert.That(Last("cci(10)"), Is.EqualTo(new[] { double.NaN }));

        double[] Last(string expression) =>
            [.. IndicatorLine.Read(expression, out _)!.Call.Over(candles).Select(line => line[^1])];
    }

    [TestCase("adx", "adx(14)", "adx", "pdi", "mdi", "dx", "adxr")]
    [TestCase("aroon", "aroon(25)", "aroonUp", "aroonDown", "oscillator")]
    [TestCase("atr", "atr(14)", "atr")]
    [TestCase("bb", "bb(20,2)", "sma", "upperBand", "lowerBand", "percentB", "zScore", "width")]
    [TestCase("cci", "cci(20)", "cci")]
    [TestCase("dema", "dema", "dema")]
    [TestCase("donchian", "donchian(20)", "upperBand", "centerline", "lowerBand", "width")]
    [TestCase("ema", "ema(20)", "ema")]
    [TestCase("heikinashi", "heikinashi()", "open", "high", "low", "close")]
    [TestCase("hma", "hma", "hma")]
    [TestCase("ichimoku", "ichimoku(9,26,52)", "tenkanSen", "kijunSen", "senkouSpanA", "senkouSpanB")]
    [TestCase("kama", "kama(10,2,30)", "kama")]
    [TestCase("keltner", "keltner(20,2,10)", "centerline", "upperBand", "lowerBand", "width")]
    [TestCase("macd", "macd(12,26,9)", "macd", "signal", "histogram")]
    [TestCase("mfi", "mfi(14)", "mfi")]
    [TestCase("obv", "obv", "obv")]
    [TestCase("psar", "psar(0.02,0.2)", "sar")]
    [TestCase("roc", "roc", "roc")]
    [TestCase("rsi", "rsi(14)", "rsi")]
    [TestCase("sma", "sma(20)", "sma")]
    [TestCase("stdev", "stdev", "stdDev")]
    [TestCase("stoch", "stoch(14,3,3)", "oscillator", "signal", "percentJ")]
    [TestCase("stoch-rsi", "stoch-rsi", "stochRsi", "signal")]
    [TestCase("supertrend", "supertrend(10,3)", "superTrend", "upperBand", "lowerBand")]
    [TestCase("tema", "tema(20)", "tema")]
    [TestCase("vwap", "vwap", "vwap")]
    [TestCase("vwma", "vwma(14)", "vwma")]
    [TestCase("willr", "willr(14)", "williamsR")]
    [TestCase("wma", "wma(14)", "wma")]
    public void Every_line_is_what_the_oracle_says(string file, string expression, params string[] lines)
    {
        var candles = Candles.Shared("oracles/indicators/quotes_default.csv");
        var expected = JsonElement.Parse(File.ReadAllText(SharedData.File($"oracles/indicators/{file}.standard.json")));

        var call = IndicatorLine.Read(expression, out var error)?.Call;
        Assert.That(error, Is.Empty);
        Assert.That(call!.Indicator.Lines, Is.EqualTo(lines));
        var actual = call.Over(candles);

        foreach (var (line, values) in lines.Zip(actual))
        {
            for (var i = 0; i < values.Length; i++)
            {
                var oracle = expected[i].GetProperty(line);
                Assert.That(
                    values[i],
                    oracle.ValueKind == JsonValueKind.Null
                        ? Is.NaN
                        : Is.EqualTo(oracle.GetDouble()).Within(1e-9 * Math.Max(1e-3, Math.Abs(oracle.GetDouble()))),
                    $"{line} of bar {i}"
                );
            }
        }
    }

    private static IEnumerable<string> Indicators => IndicatorCatalogue.All.Select(indicator => indicator.Name);

    [TestCaseSource(nameof(Indicators))]
    public void Nothing_that_comes_after_changes_a_value(string name)
    {
        var candles = Candles.Random(seed: 1, count: 150);
        var call = IndicatorLine.Read(name, out _)!.Call;
        var all = call.Over(candles);

        for (var count = 0; count <= candles.Count; count++)
        {
            var cut = call.Over(candles.First(count));
            foreach (var (line, whole) in cut.Zip(all))
            {
                Assert.That(line, Is.EqualTo(whole[..count]), $"the first {count} bars");
            }
        }
    }

    [TestCaseSource(nameof(Indicators))]
    public void The_first_value_comes_when_it_is_said_to(string name)
    {
        var call = IndicatorLine.Read(name, out _)!.Call;

        var lines = call.Over(Candles.Random(seed: 2, count: 300));

        // SuperTrend draws one of its bands at a time, and the parabolic begins with its first reversal.
        Assert.That(
            (name == "supertrend" ? lines[..1] : lines).Max(line => Array.FindIndex(line, double.IsFinite)),
            name == "psar" ? Is.LessThan(call.WarmUp) : Is.EqualTo(call.WarmUp)
        );
    }

    [Test]
    public void Averages_of_equal_prices_are_equal_whatever_came_before()
    {
        double[] prices =
        [
            .. Candles.Random(seed: 3, count: 100_000).Close.Select(price => price / 7),
            .. Enumerable.Repeat(0.1, 200),
        ];
        var candles = Candles.Closing(prices);

        var (fast, slow) = (Sma("sma(10)"), Sma("sma(30)"));

        Assert.That((fast, slow), Is.EqualTo((0.1, 0.1)));

        double Sma(string expression) => IndicatorLine.Read(expression, out _)!.Call.Over(candles)[0][^1];
    }

    [TestCase("sma(0)", "length must be a whole number from 1 to 10000: sma(length=14)")]
    [TestCase("sma(2.5)", "length must be a whole number from 1 to 10000: sma(length=14)")]
    [TestCase("sma(5,6)", "has too many arguments: sma(length=14)")]
    [TestCase("macd(26,12,9)", "fast must be less than slow: macd(fast=12, slow=26, signal=9)")]
    [TestCase("macd(12,26,9).line", "has no line line: one of macd, signal, histogram")]
    [TestCase("sma(", "must be an indicator such as sma(20), macd(12,26,9) or macd(12,26,9).signal")]
    [TestCase("", "must be an indicator such as sma(20), macd(12,26,9) or macd(12,26,9).signal")]
    [TestCase(null, "must be an indicator such as sma(20), macd(12,26,9) or macd(12,26,9).signal")]
    public void What_is_no_indicator_is_refused_with_the_reason(string? expression, string reason)
    {
        Assert.That(IndicatorLine.Read(expression, out var error), Is.Null);
        Assert.That(error, Is.EqualTo(reason));
    }

    [Test]
    public void Spellings_of_one_indicator_are_one() =>
        Assert.That(
            IndicatorLine.Read(" bollinger( 20, 2.0 ).upperBand ", out _),
            Is.EqualTo(IndicatorLine.Read("bb.upperBand", out _))
        );
}
