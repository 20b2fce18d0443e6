using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Prediction;
using CryptoBeacon.Models.Domain.Sweeps;
using FsCheck;
using FsCheck.Fluent;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>What holds of every back-test, over markets, strategies and terms drawn at random.</summary>
internal sealed class BacktestPropertyTests
{
    private const double Initial = BacktestRequest.DefaultInitialCapital;

    private static readonly PredictionConfiguration Prediction = new()
    {
        MinimumBars = 30,
        RetrainEvery = 20,
        Trees = 5,
        MinimumLeafBars = 5,
        Indicators = ["rsi(5)"],
    };

    private static readonly string[] Strategies =
    [
        """ "strategy":"sma_cross","fast":3,"slow":9 """,
        """ "strategy":"ema_cross","fast":2,"slow":6 """,
        """ "strategy":"macd","fast":3,"slow":6,"signal":3 """,
        """ "strategy":"rsi_reversion","length":4 """,
        """ "strategy":"bollinger_breakout","length":8,"deviations":1.2 """,
        """ "strategy":"donchian_breakout","entryLength":6,"exitLength":3 """,
        """ "strategy":"buy_and_hold" """,
        """ "strategy":"dca","amount":400,"everyBars":5 """,
        """ "strategy":"rebalance","everyBars":4 """,
        $$""" "strategy":"signals","entries":["{{Backtests.Time(2)}}","{{Backtests.Time(40)}}"],"exits":["{{Backtests.Time(25)}}"] """,
        """ "strategy":"rules","entry":{"gt":["close","sma(5)"]},"exit":{"lt":["position.profitPercent",-2]},"shortEntry":{"lt":["rsi(4)",40]},"shortExit":{"gt":["rsi(4)",50]} """,
        """ "strategy":"rules","entry":{"gt":["forecast",0.5]},"exit":{"lt":["forecast",0.5]} """,
    ];

    private static readonly string[] Exits =
    [
        "",
        ",\"stopLossPercent\":3",
        ",\"takeProfitPercent\":4",
        ",\"trailingStopPercent\":5",
        ",\"stopLossPercent\":2,\"takeProfitPercent\":2,\"maxBars\":6",
        ",\"takeProfitSchedule\":[{\"afterMinutes\":0,\"percent\":9},{\"afterMinutes\":4320,\"percent\":1}],\"takeProfitNetOfFees\":true",
    ];

    private static readonly string[] Sizes =
    [
        "",
        ",\"size\":{\"fraction\":0.4}",
        ",\"size\":{\"amount\":1500}",
        ",\"size\":{\"quantity\":7},\"quantityStep\":0.5",
        ",\"size\":{\"atrRisk\":0.01,\"atrLength\":4},\"minimumOrder\":50",
    ];

    private static readonly Gen<string> Configurations =
        from strategy in Gen.Elements(Strategies)
        from exits in Gen.Elements(Exits)
        from size in Gen.Elements(Sizes)
        from direction in Gen.Elements("long", "both")
        select $"{{{strategy}{exits}{size},\"direction\":\"{direction}\"}}";

    private static readonly Gen<BacktestRequest> Requests =
        from configuration in Configurations
        from fee in Gen.Elements(0, 0.001, 0.02)
        from slippage in Gen.Elements(0, 0.0005, 0.01)
        from seed in Gen.Choose(1, 100_000)
        from bars in Gen.Choose(60, 110)
        from assets in Gen.Choose(1, 3)
        select Backtests.Request(
            configuration,
            [
                .. Enumerable
                    .Range(0, assets)
                    .Select(i => Candles.Random(seed + i, bars, $"coin-{i}", lacking: i * 0.05))
                    .Select(candles =>
                        configuration.Contains("forecast", StringComparison.Ordinal)
                            ? candles with
                            {
                                Forecast = WalkForward.Series(candles, Prediction, CancellationToken.None),
                            }
                            : candles
                    ),
            ]
        ) with
        {
            FeeRate = fee,
            SlippageRate = slippage,
        };

    [FsCheck.NUnit.Property(MaxTest = 20)]
    public Property Cutting_the_future_off_changes_nothing_before_it() =>
        Prop.ForAll(
            Requests.ToArbitrary(),
            request =>
            {
                var whole = request.Run();
                return Enumerable
                    .Range(1, whole.Times.Length - 1)
                    .All(bars =>
                    {
                        var end = whole.Times[bars];
                        var known = (
                            request with
                            {
                                End = end,
                                Assets = [.. request.Assets.Select(asset => Cut(asset, end))],
                            }
                        ).Run();
                        return known.Equity.AsSpan().SequenceEqual(whole.Equity.AsSpan(0, bars))
                            && Ended(known, end).SequenceEqual(Ended(whole, end));
                    });
            }
        );

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property Equity_is_cash_and_positions_at_every_bar() =>
        Prop.ForAll(
            Requests.ToArbitrary(),
            request =>
            {
                // By a second book: every trade's parts are bought and sold as listed, whatever the engine kept between.
                var outcome = request.Run();
                return outcome
                    .Times.Index()
                    .All(step =>
                    {
                        var value = outcome
                            .Trades.Where(trade => trade.EntryTime <= step.Item)
                            .Sum(trade => HasEnded(trade, step.Item) ? trade.Pnl : Open(request, trade, step.Item));
                        return IsAdded(request) || Near(outcome.Equity[step.Index], Initial + value);
                    });
            }
        );

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property What_trades_brought_is_what_the_equity_gained() =>
        Prop.ForAll(
            Requests.ToArbitrary(),
            request =>
            {
                var outcome = request.Run();
                return Near(outcome.Equity[^1], Initial + outcome.Trades.Sum(trade => trade.Pnl))
                    && Near(outcome.Metrics.FeesPaid.Value!.Value, outcome.Trades.Sum(trade => trade.Fees))
                    && outcome.Trades.All(trade => Near(trade.Pnl, Gross(trade) - trade.Fees));
            }
        );

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property Months_compound_to_the_total() =>
        Prop.ForAll(
            Requests.ToArbitrary(),
            request =>
            {
                var outcome = request.Run();
                var compounded = outcome.MonthlyReturns.Aggregate(
                    Initial,
                    (index, month) => index * (1 + month.Return)
                );
                return outcome.Equity.Any(value => value <= 0) || Near(outcome.Equity[^1], compounded);
            }
        );

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property However_a_run_is_cut_into_stretches_it_is_the_same() =>
        Prop.ForAll(
            (from request in Requests from stretch in Gen.Choose(1, 40) select (request, stretch)).ToArbitrary(),
            drawn =>
            {
                var (request, whole) = (drawn.request, drawn.request.Run());
                var (trades, equity) = (new List<SimulatedTrade>(), new double[whole.Times.Length]);
                var market = MarketOf(request);
                using var indicators = new IndicatorCache(CancellationToken.None);
                var simulation = new Simulation(request, market, indicators, new TradeBook(trades), equity);
                for (var until = drawn.stretch; simulation.Run(until); until += drawn.stretch) { }

                simulation.End();
                return equity.SequenceEqual(whole.Equity)
                    && trades.SequenceEqual(whole.Trades)
                    && Measures.Of(request, market, simulation, BuyAndHoldCurve.Return(market)) == whole.Metrics;
            }
        );

    [FsCheck.NUnit.Property(MaxTest = 10)]
    public Property What_is_played_beside_others_is_measured_as_it_is_alone() =>
        Prop.ForAll(
            (
                from configurations in Configurations.ArrayOf(Workbench.Places)
                from seed in Gen.Choose(1, 100_000)
                select (configurations, seed)
            ).ToArbitrary(),
            drawn =>
            {
                // Longer than a stretch.
                var candles = Candles.Random(drawn.seed, Simulation.Stretch + 500);
                var requests = drawn
                    .configurations.Select(configuration =>
                        Backtests.Request(configuration, candles) with
                        {
                            FeeRate = 0.001,
                        }
                    )
                    .ToArray();
                using var indicators = new IndicatorCache(CancellationToken.None);
                return Workbench
                    .Run(requests, MarketOf(requests[0]), indicators, null, CancellationToken.None)
                    .SequenceEqual(requests.Select(request => request.Run().Metrics));
            }
        );

    private static Market MarketOf(BacktestRequest request) =>
        Market.Of(request.Assets, request.Start, request.End, request.Interval);

    /// <summary>Purchases that become one position at their average, and parts of it sold, have no single entry to follow.</summary>
    private static bool IsAdded(BacktestRequest request) => request.Configuration.Strategy.Name is "dca" or "rebalance";

    private static bool HasEnded(SimulatedTrade trade, long time) =>
        trade.ExitReason != ExitReason.EndOfData && trade.ExitTime <= time;

    /// <summary>What a trade that is still open is worth at a step's close, with the fee of its entry.</summary>
    private static double Open(BacktestRequest request, SimulatedTrade trade, long time)
    {
        var candles = request.Assets.Single(asset => asset.CoinId == trade.CoinId);
        var close = candles.Close[candles.FirstAtOrAfter(time + 1) - 1];
        var fee = trade.EntryPrice * trade.Quantity * request.FeeRate;
        return (Sign(trade) * trade.Quantity * (close - trade.EntryPrice)) - fee;
    }

    private static double Gross(SimulatedTrade trade) =>
        Sign(trade) * trade.Quantity * (trade.ExitPrice - trade.EntryPrice);

    private static int Sign(SimulatedTrade trade) => trade.Side == TradeSide.Long ? 1 : -1;

    private static bool Near(double a, double b) => Math.Abs(a - b) <= 1e-9 * Math.Max(Initial, Math.Abs(a));

    private static IEnumerable<SimulatedTrade> Ended(BacktestOutcome outcome, long end) =>
        outcome.Trades.Where(trade => trade.ExitTime < end && trade.ExitReason != ExitReason.EndOfData);

    private static CandleSeries Cut(CandleSeries asset, long end) => asset.First(asset.FirstAtOrAfter(end));
}
