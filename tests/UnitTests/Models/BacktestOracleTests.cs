using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>Facts from the tests of backtesting.py: the cases of the shared data that the fill rules cover.</summary>
internal sealed class BacktestOracleTests
{
    private const string Whole = ",\"quantityStep\":1";

    /// <summary>Its size "all" is 0.9999 of the equity.</summary>
    private const string AsMuch = Whole + ",\"size\":{\"fraction\":0.9999}";

    private static CandleSeries Google => Candles.Shared("candles/backtestingpy_GOOG_1d_2004-2013.csv");

    [Test]
    public void Buying_all_with_a_relative_commission()
    {
        var outcome = Run(AsMuch, feeRate: 0.01, slippageRate: 0);

        Assert.That(outcome.Equity[2..4], Is.EqualTo(new[] { 9781.28, 9846.04 }).Within(0.005));
    }

    [Test]
    public void Buying_all_with_spread_and_commission()
    {
        // backtesting.py takes the spread on the way in alone.
        var outcome = Run(AsMuch, feeRate: 0.01, slippageRate: 0.01);

        Assert.That(outcome.Equity[2], Is.EqualTo(9685.31).Within(0.005));
        Assert.That(outcome.Trades[0].EntryPrice, Is.EqualTo(Google.Open[2] * 1.01).Within(1e-9));
    }

    [Test]
    public void A_target_that_the_open_gaps_over_fills_at_the_open()
    {
        double[] prices = [1, 1, 1, 2, 4, 1, 2];
        var flat = Candles.Of([.. prices.Select(price => (price, price, price, price))]);

        var outcome = Backtests.Run(
            Backtests.Signals(1, more: ",\"takeProfitPercent\":200,\"size\":{\"quantity\":100}"),
            flat
        );

        Assert.That(outcome.Trades[0].ExitPrice, Is.EqualTo(4));
        Assert.That(outcome.Equity[^1], Is.EqualTo(10_300));
    }

    private static BacktestOutcome Run(string more, double feeRate, double slippageRate)
    {
        var candles = Google.First(20);
        var configuration = $$"""{"strategy":"signals","entries":["{{At(1)}}"],"exits":["{{At(2)}}"]{{more}}}""";
        return (
            Backtests.Request(configuration, candles) with
            {
                FeeRate = feeRate,
                SlippageRate = slippageRate,
            }
        ).Run();

        string At(int bar) =>
            DateTimeOffset.FromUnixTimeMilliseconds(candles.OpenTimes[bar]).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
    }
}
