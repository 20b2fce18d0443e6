using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>Sizes, and what happens when several assets want the same cash.</summary>
internal sealed class SharedCashTests
{
    private static readonly CandleSeries Bitcoin = Candles.Closing(100, 100, 100, 110, 120);
    private static readonly CandleSeries Ethereum = Candles.Closing(10, 10, 10, 10, 10) with { CoinId = "ethereum" };

    [Test]
    public void Simultaneous_entries_get_equal_parts()
    {
        var outcome = Backtests.Run(Backtests.Signals(0), Bitcoin, Ethereum);

        Assert.That(
            outcome.Trades.Select(trade => (trade.CoinId, trade.Quantity)),
            Is.EqualTo(new[] { ("bitcoin", 50.0), ("ethereum", 500.0) })
        );
    }

    [Test]
    public void An_asset_whose_first_bar_comes_later_keeps_its_part_of_what_is_bought_and_held()
    {
        var late = Candles.Closing(10, 10, 20, 20, 20) with { CoinId = "ethereum" };
        late = late with
        {
            OpenTimes = late.OpenTimes[3..],
            Open = late.Open[3..],
            High = late.High[3..],
            Low = late.Low[3..],
            Close = late.Close[3..],
            Volume = late.Volume[3..],
        };

        var outcome = Backtests.Run("""{"strategy":"buy_and_hold"}""", Bitcoin, late);

        Assert.That(
            outcome.Trades.Select(trade => (trade.CoinId, trade.Quantity)),
            Is.EquivalentTo(new[] { ("bitcoin", 50.0), ("ethereum", 250.0) })
        );
        Assert.That(outcome.Equity, Is.EqualTo(outcome.Yardstick()).Within(1e-9));
    }

    [Test]
    public void A_fraction_leaves_the_rest_in_cash_and_rounds_down_to_the_step()
    {
        var request = Backtests.Request(
            Backtests.Signals(0, more: ",\"size\":{\"fraction\":\"0.3\"},\"quantityStep\":\"0.1\""),
            Bitcoin
        ) with
        {
            FeeRate = 0.001,
        };

        Assert.That(request.Run().Trades[0].Quantity, Is.EqualTo(29.9));
    }

    [TestCase("{\"quantity\":5}", 5)]
    [TestCase("{\"amount\":2000}", 20)]
    [TestCase("{\"atrRisk\":0.01,\"atrLength\":2}", 10)]
    public void A_size_can_be_a_quantity_an_amount_or_a_risk(string size, double quantity)
    {
        var candles = Candles.Of([.. Enumerable.Repeat((100.0, 105.0, 95.0, 100.0), 6)]);

        Assert.That(
            Backtests.Run(Backtests.Signals(3, more: $",\"size\":{size}"), candles).Trades[0].Quantity,
            Is.EqualTo(quantity).Within(1e-9)
        );
    }

    [TestCase(",\"size\":{\"quantity\":101}")]
    [TestCase(",\"size\":{\"amount\":10001}")]
    [TestCase(",\"size\":{\"amount\":5},\"minimumOrder\":10")]
    [TestCase(",\"quantityStep\":101")]
    public void An_entry_that_the_cash_does_not_cover_or_that_is_too_small_is_rejected(string more)
    {
        var outcome = Backtests.Run(Backtests.Signals(0, more: more), Bitcoin);

        Assert.That((outcome.Trades.Count, outcome.RejectedEntries), Is.EqualTo((0, 1)));
    }

    [Test]
    public void What_rounding_leaves_of_the_cash_buys_nothing()
    {
        var assets = new[] { "bitcoin", "ethereum", "solana" }
            .Select((coin, seed) => Candles.Random(seed, count: 800, coin))
            .ToArray();
        var request = Backtests.Request("""{"strategy":"sma_cross","fast":3,"slow":9}""", assets) with
        {
            FeeRate = 0.001,
            SlippageRate = 0.0005,
        };

        var outcome = request.Run();

        Assert.That(outcome.Trades, Has.Count.GreaterThan(50));
        Assert.That(outcome.Trades.Select(trade => trade.Quantity * trade.EntryPrice), Is.All.GreaterThan(1));
        Assert.That(outcome.RejectedEntries, Is.Positive);
    }

    [Test]
    public void Who_leaves_at_the_price_of_the_entry_has_neither_won_nor_lost()
    {
        var outcome = Backtests.Run(Backtests.Signals(0, 3), Candles.Closing(7.3, 7.3, 7.3, 7.3, 7.3, 7.3));

        Assert.That(outcome.Trades.Single().Pnl, Is.Zero);
        Assert.That(outcome.Trades.Single().ReturnRatio, Is.Zero);
    }

    [Test]
    public void Regular_purchases_become_one_position_at_their_average()
    {
        var outcome = Backtests.Run(
            """{"strategy":"dca","amount":1000,"everyBars":2}""",
            Candles.Of((100, 100, 100, 100), (100, 100, 100, 100), (50, 50, 50, 50), (50, 50, 50, 50))
        );

        var trade = outcome.Trades.Single();
        Assert.That((trade.Quantity, trade.EntryPrice), Is.EqualTo((30.0, 2000.0 / 30)).Within(1e-9));
    }

    [Test]
    public void Rebalancing_comes_back_to_the_weights()
    {
        var rising = Candles.Of((100, 100, 100, 100), (200, 200, 200, 200), (200, 200, 200, 200));
        var flat = rising with
        {
            CoinId = "ethereum",
            Open = [10, 10, 10],
            High = [10, 10, 10],
            Low = [10, 10, 10],
            Close = [10, 10, 10],
        };

        var outcome = Backtests.Run("""{"strategy":"rebalance","everyBars":1}""", rising, flat);

        // 5,000 each; bitcoin doubles to 10,000 of 15,000 and is brought back to 7,500.
        var sold = outcome.Trades.First(trade => trade.ExitReason == ExitReason.Rebalance);
        Assert.That((sold.CoinId, sold.Quantity, sold.Pnl), Is.EqualTo(("bitcoin", 12.5, 1250.0)));
        Assert.That(outcome.Equity[^1], Is.EqualTo(15_000).Within(1e-9));
    }

    [Test]
    public void A_bar_that_an_asset_lacks_is_skipped_for_it_and_reported()
    {
        var gap = Without(Ethereum, 1);

        var outcome = Backtests.Run(Backtests.Signals(0, exit: 2), Bitcoin, gap);

        Assert.That(outcome.SkippedBars, Is.EqualTo(new[] { new SkippedBars("ethereum", Bitcoin.OpenTimes[1], 1) }));
        Assert.That(outcome.Times, Is.EqualTo(Bitcoin.OpenTimes));
        Assert.That(
            outcome.Trades.Select(trade => (trade.CoinId, trade.EntryTime)),
            Is.EqualTo(new[] { ("bitcoin", Bitcoin.OpenTimes[1]) }),
            "bitcoin took the cash a bar earlier"
        );
        Assert.That(outcome.RejectedEntries, Is.EqualTo(1));
    }

    [Test]
    public void An_order_waits_for_the_asset_s_next_bar()
    {
        var outcome = Backtests.Run(Backtests.Signals(0), Without(Bitcoin, 1), Ethereum with { CoinId = "flat" });

        Assert.That(outcome.Trades.Select(trade => trade.CoinId), Is.EqualTo(new[] { "flat" }));
        Assert.That(
            Backtests.Run(Backtests.Signals(0), Without(Bitcoin, 1)).Trades[0].EntryTime,
            Is.EqualTo(Bitcoin.OpenTimes[2])
        );
    }

    private static CandleSeries Without(CandleSeries candles, int bar) =>
        candles with
        {
            OpenTimes = Cut(candles.OpenTimes, bar),
            Open = Cut(candles.Open, bar),
            High = Cut(candles.High, bar),
            Low = Cut(candles.Low, bar),
            Close = Cut(candles.Close, bar),
            Volume = Cut(candles.Volume, bar),
        };

    private static T[] Cut<T>(T[] column, int bar) => [.. column[..bar], .. column[(bar + 1)..]];
}
