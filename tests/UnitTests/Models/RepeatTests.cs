using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Sweeps;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>Same input, same output, to the last byte, whatever the threads.</summary>
internal sealed class RepeatTests
{
    private const string Configuration =
        """{"strategy":"rsi_reversion","length":5,"direction":"both","stopLossPercent":4,"size":{"fraction":0.7}}""";

    private static BacktestRequest Request =>
        Backtests.Request(
            Configuration,
            Candles.Random(11, 5000, "bitcoin", lacking: 0.01),
            Candles.Random(12, 5000, "ethereum")
        ) with
        {
            FeeRate = 0.001,
            SlippageRate = 0.0002,
        };

    [Test]
    public void A_back_test_is_the_same_to_the_last_byte_however_many_run_beside_it()
    {
        var request = Request;
        var alone = Text(request.Run());
        var together = new string[16];

        Parallel.For(0, together.Length, i => together[i] = Text(request.Run()));

        Assert.That(alone, Does.Contain("exitReason").IgnoreCase);
        Assert.That(together, Is.All.EqualTo(alone));

        static string Text(BacktestOutcome outcome) =>
            JsonSerializer.Serialize(
                new
                {
                    Equity = EquityPoint.Of(outcome, BacktestRequest.DefaultInitialCapital),
                    Trades = outcome.Trades.Select(TradePart.Of),
                    Months = outcome.MonthlyReturns.Select(MonthPart.Of),
                    Skipped = outcome.SkippedBars.Select(SkippedPart.Of),
                    Metrics = Metrics.ToJson(outcome.Metrics),
                }
            );
    }

    [Test]
    public void A_sweep_is_the_same_to_the_last_byte_whatever_the_threads([Values(2, 3, 8)] int threads)
    {
        Assert.That(Text(threads), Is.EqualTo(Text(1)));

        static string Text(int threads)
        {
            var outcome = Sweep.Run(
                new SweepRequest
                {
                    Base = Request,
                    Configuration = (JsonObject)JsonNode.Parse(Configuration)!,
                    Axes =
                    [
                        new("/length", [.. Enumerable.Range(2, 9).Select(value => (JsonNode?)value)]),
                        new("/stopLossPercent", [.. Enumerable.Range(2, 5).Select(value => (JsonNode?)value)]),
                    ],
                    Metric = MetricCatalogue.Find("sharpe")!,
                    WalkForwardWindows = 2,
                    Threads = threads,
                }
            );
            return JsonSerializer.Serialize(
                new
                {
                    Results = outcome.Results.Select(Result),
                    Windows = outcome.WalkForward.Select(window => new
                    {
                        window.Start,
                        window.Split,
                        window.End,
                        Best = Result(window.Best!),
                        After = Metrics.ToJson(window.OutOfSample!),
                    }),
                    outcome.DeflatedSharpe.Value,
                    outcome.IsLonePeak,
                }
            );

            static object Result(SweepResult result) => new { result.Values, Metrics = Metrics.ToJson(result.Metrics) };
        }
    }

    [Test]
    public void One_hash_speaks_for_configuration_candles_and_engine()
    {
        var kept = new Reproducibility
        {
            ConfigurationHash = "a",
            DataHash = "b",
            EngineVersion = "2",
            WarmUpBars = 10,
        };

        Assert.That(kept.Hash, Does.Match("^[0-9a-f]{64}$"));
        Assert.That((kept with { DataChanged = true, WarmUpBars = 20 }).Hash, Is.EqualTo(kept.Hash));
        Assert.That(
            new[]
            {
                kept.Hash,
                (kept with { ConfigurationHash = "c" }).Hash,
                (kept with { DataHash = "c" }).Hash,
                (kept with { EngineVersion = "3" }).Hash,
            },
            Is.Unique
        );
    }
}
