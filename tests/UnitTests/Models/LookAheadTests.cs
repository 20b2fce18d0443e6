using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>Cuts the future off at every bar: what has happened until then stays as it was.</summary>
internal sealed class LookAheadTests
{
    private static readonly Dictionary<string, string> Configurations = new()
    {
        ["sma_cross"] = """{"strategy":"sma_cross","fast":3,"slow":8,"direction":"both","stopLossPercent":4}""",
        ["ema_cross"] =
            """{"strategy":"ema_cross","fast":3,"slow":8,"trailingStopPercent":5,"size":{"atrRisk":0.02,"atrLength":5}}""",
        ["macd"] = """{"strategy":"macd","fast":3,"slow":6,"signal":3,"takeProfitPercent":4,"maxBars":5}""",
        ["rsi_reversion"] =
            """{"strategy":"rsi_reversion","length":4,"direction":"both","stopLossPercent":3,"takeProfitPercent":3}""",
        ["bollinger_breakout"] = """{"strategy":"bollinger_breakout","length":8,"deviations":1.2,"direction":"both"}""",
        ["donchian_breakout"] =
            """{"strategy":"donchian_breakout","entryLength":6,"exitLength":3,"size":{"fraction":0.5},"quantityStep":0.01}""",
        ["buy_and_hold"] = """{"strategy":"buy_and_hold"}""",
        ["dca"] = """{"strategy":"dca","amount":500,"everyBars":7,"takeProfitPercent":10}""",
        ["rebalance"] = """{"strategy":"rebalance","everyBars":5}""",
        ["signals"] =
            $$"""{"strategy":"signals","entries":["{{Backtests.Time(3)}}","{{Backtests.Time(30)}}"],"exits":["{{Backtests.Time(20)}}"]}""",
        ["rules"] = """
            {"strategy":"rules","direction":"both","maxBars":9,
             "entry":{"all":[{"gt":["close","sma(5)"]},{"not":{"crosses_below":["rsi(5)",40]}}]},
             "exit":{"any":[{"lt":["position.profitPercent",-2]},{"gt":["position.barsHeld",6]}]},
             "shortEntry":{"lt":["close","donchian(6).lowerBand"]},"shortExit":{"gt":["close","ema(4)"]}}
            """,
    };

    private static IEnumerable<string> Strategies => StrategyCatalogue.All.Select(strategy => strategy.Name);

    [Test]
    public void What_happened_does_not_depend_on_what_comes(
        [ValueSource(nameof(Strategies))] string strategy,
        [Values(1, 2, 3)] int seed
    )
    {
        var request = Backtests.Request(
            Configurations[strategy],
            Candles.Random(seed, 90, "bitcoin", lacking: 0.05),
            Candles.Random(seed + 100, 90, "ethereum", lacking: seed == 1 ? 0 : 0.2)
        ) with
        {
            Start = Candles.Start + (10 * Candles.Day),
            FeeRate = 0.001,
            SlippageRate = 0.0005,
        };
        var whole = request.Run();

        for (var bars = 1; bars < whole.Times.Length; bars++)
        {
            var end = whole.Times[bars];
            var known = (
                request with
                {
                    End = end,
                    Assets = [.. request.Assets.Select(asset => asset.First(asset.FirstAtOrAfter(end)))],
                }
            ).Run();

            Assert.That(known.Equity, Is.EqualTo(whole.Equity[..bars]), $"{bars} bars");
            Assert.That(
                known.Trades.Where(trade => trade.ExitReason != ExitReason.EndOfData),
                Is.EqualTo(
                    whole.Trades.Where(trade => trade.ExitTime < end && trade.ExitReason != ExitReason.EndOfData)
                ),
                $"{bars} bars"
            );
        }
    }

    [Test]
    public void Every_strategy_trades_in_these_tests([ValueSource(nameof(Strategies))] string strategy) =>
        Assert.That(
            Backtests.Run(Configurations[strategy], Candles.Random(1, 90), Candles.Random(101, 90, "ethereum")).Trades,
            Is.Not.Empty
        );

    [Test]
    public void The_sum_of_what_trades_brought_is_what_the_equity_gained(
        [ValueSource(nameof(Strategies))] string strategy
    )
    {
        var outcome = (
            Backtests.Request(Configurations[strategy], Candles.Random(7, 200), Candles.Random(8, 200, "ethereum")) with
            {
                FeeRate = 0.002,
            }
        ).Run();

        Assert.That(10_000 + outcome.Trades.Sum(trade => trade.Pnl), Is.EqualTo(outcome.Equity[^1]).Within(1e-6));
        Assert.That(
            outcome.Trades.Sum(trade => trade.Fees),
            Is.EqualTo(outcome.Metrics.FeesPaid.Value!.Value).Within(1e-6)
        );
    }
}
