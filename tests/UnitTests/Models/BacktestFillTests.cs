using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>At which prices and in which order orders are filled.</summary>
internal sealed class BacktestFillTests
{
    // Open, high, low, close.
    private static readonly CandleSeries Calm = Candles.Of(
        (100, 101, 99, 100),
        (100, 101, 99, 100),
        (100, 106, 94, 100),
        (90, 111, 89, 100),
        (120, 121, 99, 110),
        (110, 112, 108, 111)
    );

    [Test]
    public void A_signal_on_a_close_is_filled_at_the_next_open()
    {
        var trade = Only(Backtests.Run(Backtests.Signals(entry: 0, exit: 2), Calm));

        Assert.That((trade.EntryTime, trade.EntryPrice), Is.EqualTo((Calm.OpenTimes[1], 100.0)));
        Assert.That((trade.ExitTime, trade.ExitPrice), Is.EqualTo((Calm.OpenTimes[3], 90.0)));
        Assert.That(trade.ExitReason, Is.EqualTo(ExitReason.Signal));
        Assert.That(trade.Pnl, Is.EqualTo(-1000).Within(1e-9));
    }

    [Test]
    public void A_signal_on_the_last_bar_is_dropped_and_what_is_open_is_marked_without_a_fee()
    {
        var outcome = (Backtests.Request(Backtests.Signals(entry: 0, exit: 5), Calm) with { FeeRate = 0.01 }).Run();

        var trade = Only(outcome);
        Assert.That((trade.ExitReason, trade.ExitPrice), Is.EqualTo((ExitReason.EndOfData, 111.0)));
        Assert.That(trade.Fees, Is.EqualTo(10_000 / 1.01 * 0.01).Within(1e-9));
        Assert.That(10_000 + trade.Pnl, Is.EqualTo(outcome.Equity[^1]).Within(1e-9));
    }

    [Test]
    public void An_entry_on_the_last_bar_is_no_trade() =>
        Assert.That(Backtests.Run(Backtests.Signals(entry: 5), Calm).Trades, Is.Empty);

    [Test]
    public void A_stop_within_the_bar_fills_at_the_stop_from_the_entry_bar_on()
    {
        var trade = Only(Backtests.Run(Backtests.Signals(1, more: ",\"stopLossPercent\":5"), Calm));

        Assert.That((trade.ExitTime, trade.ExitPrice), Is.EqualTo((Calm.OpenTimes[2], 95.0)));
        Assert.That(trade.ExitReason, Is.EqualTo(ExitReason.StopLoss));
    }

    [Test]
    public void Where_a_bar_reaches_both_the_stop_counts()
    {
        var trade = Only(
            Backtests.Run(Backtests.Signals(1, more: ",\"stopLossPercent\":5,\"takeProfitPercent\":5"), Calm)
        );

        Assert.That(trade.ExitReason, Is.EqualTo(ExitReason.StopLoss));
    }

    [Test]
    public void A_gap_through_a_stop_fills_at_the_open()
    {
        var trade = Only(Backtests.Run(Backtests.Signals(0, more: ",\"stopLossPercent\":8"), Calm));

        Assert.That((trade.ExitTime, trade.ExitPrice), Is.EqualTo((Calm.OpenTimes[3], 90.0)));
    }

    [Test]
    public void A_gap_through_a_target_fills_at_the_open()
    {
        var trade = Only(Backtests.Run(Backtests.Signals(0, more: ",\"takeProfitPercent\":15"), Calm));

        Assert.That((trade.ExitTime, trade.ExitPrice), Is.EqualTo((Calm.OpenTimes[4], 120.0)));
        Assert.That(trade.ExitReason, Is.EqualTo(ExitReason.TakeProfit));
    }

    [Test]
    public void A_trailing_stop_follows_the_highs_up_to_the_bar_before()
    {
        // The entry bar 3 reaches 111 and 89; the stop that follows from 111 holds for bar 4.
        var trade = Only(Backtests.Run(Backtests.Signals(2, more: ",\"trailingStopPercent\":10"), Calm));

        Assert.That((trade.ExitTime, trade.ExitPrice), Is.EqualTo((Calm.OpenTimes[4], 111 * 0.9)));
        Assert.That(trade.ExitReason, Is.EqualTo(ExitReason.TrailingStop));
    }

    [Test]
    public void Slippage_moves_market_and_stop_fills_but_not_targets()
    {
        var stopped = Only(Slipping(Backtests.Signals(1, more: ",\"stopLossPercent\":5")));
        var taken = Only(Slipping(Backtests.Signals(0, more: ",\"takeProfitPercent\":4")));
        var sold = Only(Slipping(Backtests.Signals(0, exit: 2)));

        Assert.That(stopped.EntryPrice, Is.EqualTo(101).Within(1e-9));
        Assert.That(stopped.ExitPrice, Is.EqualTo(101 * 0.95 * 0.99).Within(1e-9));
        Assert.That(taken.ExitPrice, Is.EqualTo(101 * 1.04).Within(1e-9));
        Assert.That(sold.ExitPrice, Is.EqualTo(90 * 0.99).Within(1e-9));

        static BacktestOutcome Slipping(string configuration) =>
            (Backtests.Request(configuration, Calm) with { SlippageRate = 0.01 }).Run();
    }

    [Test]
    public void Signal_exits_come_before_stops()
    {
        var trade = Only(Backtests.Run(Backtests.Signals(0, exit: 2, more: ",\"stopLossPercent\":8"), Calm));

        Assert.That((trade.ExitReason, trade.ExitPrice), Is.EqualTo((ExitReason.Signal, 90.0)));
    }

    [Test]
    public void A_position_is_left_after_so_many_closes()
    {
        var trade = Only(Backtests.Run(Backtests.Signals(0, more: ",\"maxBars\":2"), Calm));

        Assert.That((trade.ExitTime, trade.ExitReason), Is.EqualTo((Calm.OpenTimes[3], ExitReason.MaxBars)));
    }

    [Test]
    public void What_is_left_after_so_many_closes_may_be_entered_again_at_the_same_open()
    {
        var entries = $"[\"{Backtests.Time(0)}\",\"{Backtests.Time(2)}\"]";

        var trades = Backtests.Run($$"""{"strategy":"signals","entries":{{entries}},"maxBars":2}""", Calm).Trades;

        Assert.That(
            trades.Select(trade => (trade.EntryTime, trade.ExitTime)).Take(2),
            Is.EqualTo(new[] { (Calm.OpenTimes[1], Calm.OpenTimes[3]), (Calm.OpenTimes[3], Calm.OpenTimes[5]) })
        );
    }

    [Test]
    public void The_schedule_s_step_of_the_bar_s_age_is_the_target()
    {
        var schedule =
            ",\"takeProfitSchedule\":[{\"afterMinutes\":0,\"percent\":50},{\"afterMinutes\":2880,\"percent\":8}]";

        var trade = Only(Backtests.Run(Backtests.Signals(0, more: schedule), Calm));

        Assert.That((trade.ExitTime, trade.ExitPrice), Is.EqualTo((Calm.OpenTimes[3], 108.0)));
    }

    [Test]
    public void A_target_net_of_fees_leaves_the_gain_that_was_asked_for()
    {
        var request = Backtests.Request(
            Backtests.Signals(0, more: ",\"takeProfitPercent\":5,\"takeProfitNetOfFees\":true"),
            Calm
        ) with
        {
            FeeRate = 0.01,
        };

        Assert.That(request.Run().Equity[^1], Is.EqualTo(10_500).Within(1e-9));
    }

    [Test]
    public void A_short_position_gains_from_the_fall_and_loses_all_at_most_once()
    {
        var falling = Backtests.Run(
            $$"""{"strategy":"signals","direction":"both","entries":[],"shortEntries":["{{Backtests.Time(0)}}"],"shortExits":["{{Backtests.Time(2)}}"]}""",
            Calm
        );
        var ruined = Backtests.Run(
            $$"""{"strategy":"signals","direction":"both","entries":["{{Backtests.Time(3)}}"],"shortEntries":["{{Backtests.Time(0)}}"]}""",
            Candles.Closing(100, 100, 150, 250, 50, 60)
        );

        Assert.That(Only(falling).Pnl, Is.EqualTo(1000).Within(1e-9));
        Assert.That(Only(ruined).ExitReason, Is.EqualTo(ExitReason.Liquidation));
        Assert.That(ruined.Equity[3..], Is.All.EqualTo(-5000).Within(1e-9));
    }

    [Test]
    public void What_ending_a_ruined_short_position_costs_is_in_the_equity_of_its_bar()
    {
        var ruined = (
            Backtests.Request(
                $$"""{"strategy":"signals","direction":"both","entries":[],"shortEntries":["{{Backtests.Time(0)}}"]}""",
                Candles.Closing(100, 100, 150, 250, 50, 60)
            ) with
            {
                FeeRate = 0.01,
            }
        ).Run();

        Assert.That(Only(ruined).ExitReason, Is.EqualTo(ExitReason.Liquidation));
        Assert.That(ruined.Equity[3..], Is.All.EqualTo(10_000 + Only(ruined).Pnl).Within(1e-9));
    }

    [Test]
    public void Without_shorts_a_cross_down_only_sells()
    {
        var closes = Candles.Closing(10, 10, 10, 12, 14, 12, 8, 6, 8, 12, 14);
        const string Cross = """{"strategy":"sma_cross","fast":1,"slow":3""";

        Assert.That(Backtests.Run(Cross + "}", closes).Trades.Select(t => t.Side), Is.All.EqualTo(TradeSide.Long));
        Assert.That(
            Backtests.Run(Cross + ",\"direction\":\"both\"}", closes).Trades.Select(t => t.Side),
            Is.EqualTo(new[] { TradeSide.Long, TradeSide.Short, TradeSide.Long })
        );
    }

    [Test]
    public void What_is_above_already_is_no_cross() =>
        Assert.That(
            Backtests.Run("""{"strategy":"sma_cross","fast":1,"slow":2}""", Candles.Closing(1, 2, 3, 4, 5)).Trades,
            Is.Empty
        );

    [Test]
    public void Candles_before_the_start_warm_indicators_up()
    {
        var candles = Candles.Closing(5, 4, 3, 2, 3, 4, 5, 6);
        var request = Backtests.Request("""{"strategy":"sma_cross","fast":1,"slow":3}""", candles) with
        {
            Start = candles.OpenTimes[4],
        };

        Assert.That(Only(request.Run()).EntryTime, Is.EqualTo(candles.OpenTimes[5]));
    }

    private static SimulatedTrade Only(BacktestOutcome outcome) => outcome.Trades.Single();
}
