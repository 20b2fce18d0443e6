using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Prediction;
using CryptoBeacon.Models.Domain.Sweeps;
using CryptoBeacon.Models.Persistence;
using CryptoBeacon.Models.Reports;

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
                (kept with { TermsHash = "c" }).Hash,
                (kept with { TermsHash = "c", ForecastModelHash = "d" }).Hash,
            },
            Is.Unique
        );
    }

    [Test]
    public void The_hash_of_terms_changes_with_each_of_them_and_not_with_their_spelling()
    {
        const string Space =
            """{"grid":{"fast":[2,3]},"metric":"sharpe","samples":null,"seed":1,"walkForwardWindows":0}""";
        var terms = new RunTerms(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddDays(9),
            ["bitcoin", "ethereum"],
            "USD",
            CandleInterval.Find("1d")!,
            10_000,
            0.001m,
            0.0005m,
            0.02m,
            "said"
        );

        Assert.That(
            (terms with { FeeRate = 0.00100m, InitialCapital = 10_000.0m, Notes = null }).ComputeHash(Space),
            Is.EqualTo(terms.ComputeHash(Space))
        );
        Assert.That(
            new[]
            {
                terms.ComputeHash(),
                (terms with { StartDate = DateTimeOffset.UnixEpoch.AddDays(1) }).ComputeHash(),
                (terms with { EndDate = DateTimeOffset.UnixEpoch.AddDays(8) }).ComputeHash(),
                (terms with { Assets = ["bitcoin"] }).ComputeHash(),
                (terms with { Currency = "EUR" }).ComputeHash(),
                (terms with { Interval = CandleInterval.Find("1h")! }).ComputeHash(),
                (terms with { InitialCapital = 10_001 }).ComputeHash(),
                (terms with { FeeRate = 0.002m }).ComputeHash(),
                (terms with { SlippageRate = 0 }).ComputeHash(),
                (terms with { RiskFreeRate = 0 }).ComputeHash(),
                terms.ComputeHash(Space),
                terms.ComputeHash(Space.Replace("[2,3]", "[2,4]")),
                terms.ComputeHash(Space.Replace("sharpe", "sortino")),
                terms.ComputeHash(Space.Replace("null", "5")),
                terms.ComputeHash(Space.Replace("\"seed\":1", "\"seed\":2")),
                terms.ComputeHash(Space.Replace("Windows\":0", "Windows\":3")),
            },
            Is.Unique
        );
    }

    [Test]
    public void The_hash_of_what_forecasts_changes_with_its_configuration()
    {
        var prediction = new PredictionConfiguration();

        Assert.That(ForecastSeries.Hash(new PredictionConfiguration()), Is.EqualTo(ForecastSeries.Hash(prediction)));
        Assert.That(
            ForecastSeries.Hash(prediction with { Trees = 7 }),
            Is.Not.EqualTo(ForecastSeries.Hash(prediction))
        );
    }

    [TestCase("0.0004", "0.04 %")]
    [TestCase("0.0005", "0.05 %")]
    [TestCase("0.00012345", "0.012345 %")]
    [TestCase("0", "0 %")]
    [TestCase("0.10", "10 %")]
    public void A_report_tells_rates_to_the_last_digit(string rate, string words) =>
        Assert.That(
            Words.Rate(decimal.Parse(rate, System.Globalization.CultureInfo.InvariantCulture)),
            Is.EqualTo(words)
        );
}
