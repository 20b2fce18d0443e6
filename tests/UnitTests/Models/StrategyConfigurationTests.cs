using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Models.Configurations;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Prediction;
using CryptoBeacon.Models.Domain.Strategies;

namespace CryptoBeacon.UnitTests.Models;

/// <summary>What is wrong with a configuration is told with the JSON pointer of where it stands.</summary>
internal sealed class StrategyConfigurationTests
{
    [TestCase("[]", "")]
    [TestCase("{}", "/strategy")]
    [TestCase("""{"strategy":"magic"}""", "/strategy")]
    [TestCase("""{"strategy":"sma_cross","slow":5}""", "/fast")]
    [TestCase("""{"strategy":"sma_cross","fast":5,"slow":5}""", "/fast")]
    [TestCase("""{"strategy":"sma_cross","fast":1.5,"slow":5}""", "/fast")]
    [TestCase("""{"strategy":"sma_cross","fast":0,"slow":5}""", "/fast")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"odd/name":1}""", "/odd~1name")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"stopLossPercent":0}""", "/stopLossPercent")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"direction":"short"}""", "/direction")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"size":{"fraction":1.5}}""", "/size/fraction")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"size":{"fraction":1,"amount":5}}""", "/size")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"size":{"fraction":1,"atrLength":5}}""", "/size/atrLength")]
    [TestCase(
        """{"strategy":"sma_cross","fast":2,"slow":5,"takeProfitSchedule":[{"afterMinutes":0}]}""",
        "/takeProfitSchedule/0"
    )]
    [TestCase(
        """{"strategy":"sma_cross","fast":2,"slow":5,"takeProfitSchedule":[{"afterMinutes":-1,"percent":1}]}""",
        "/takeProfitSchedule/0/afterMinutes"
    )]
    [TestCase("""{"strategy":"signals","entries":["2024-01-01T00:00:00Z","soon"]}""", "/entries/1")]
    [TestCase("""{"strategy":"rebalance","everyBars":5,"weights":{"bitcoin":0.7,"ethereum":0.7}}""", "/weights")]
    [TestCase("""{"strategy":"rebalance","everyBars":5,"weights":{"Bitcoin":0.7}}""", "/weights/Bitcoin")]
    [TestCase("""{"strategy":"rules","entry":{"all":[{"gt":["sma(10)","sma(0)"]}]}}""", "/entry/all/0/gt/1")]
    [TestCase("""{"strategy":"rules","entry":{"all":[{"gt":["sma(10)"]}]}}""", "/entry/all/0/gt")]
    [TestCase("""{"strategy":"rules","entry":{"run":"code"}}""", "/entry/run")]
    [TestCase("""{"strategy":"rules","entry":{"all":[]}}""", "/entry/all")]
    [TestCase("""{"strategy":"rules","entry":{"not":5}}""", "/entry/not")]
    [TestCase("""{"strategy":"rules","entry":{"gt":["close",true]}}""", "/entry/gt/1")]
    public void What_is_wrong_is_told_where_it_stands(string json, string pointer) =>
        Assert.That(Backtests.Errors(json).Select(error => error.Pointer), Is.EqualTo(new[] { pointer }));

    [TestCase("""{"strategy":"sma_cross","fast":10.0,"slow":2e1}""")]
    [TestCase("""{"strategy":"sma_cross","fast":1.5,"slow":20}""", "/fast")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"a~/b":1}""", "/a~0~1b")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"size":{"fraction":0.5}}""")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"size":{"ratio":0.5}}""", "/size/ratio")]
    [TestCase("""{"strategy":"sma_cross","fast":2,"slow":5,"size":{"atrRisk":0.01,"atrLength":5}}""")]
    [TestCase("""{"strategy":"rules","entry":{"not":{"any":[{"gt":["forecast",0]}]}}}""", "/forecastModel")]
    [TestCase(
        """{"strategy":"rules","entry":{"gt":["forecast",0]},"forecastModel":"6f0b8a4e-5d7b-4c0e-9d56-0e2a8f3f1c11"}"""
    )]
    [TestCase("""{"strategy":"rules","entry":{"gt":["close",1]},"shortEntry":{"lt":["close",1]}}""", "/shortEntry")]
    [TestCase("""{"strategy":"rules","direction":"both","entry":{"gt":["close",1]},"shortEntry":{"lt":["close",1]}}""")]
    public void The_schema_says_the_same(string json, params string[] pointers) =>
        Assert.That(
            ConfigurationRules
                .Faults(ModelType.Trading, (JsonObject)JsonNode.Parse(json)!)
                .Select(fault => fault.Message.Split("JSON pointer /configuration")[1].TrimEnd(')')),
            Is.EqualTo(pointers)
        );

    [Test]
    public void A_prediction_model_s_integers_may_be_written_with_a_point_or_an_exponent()
    {
        var json = (JsonObject)JsonNode.Parse("""{"strategy":"fast_tree","lags":3.0,"trees":1e1}""")!;

        Assert.That(ConfigurationRules.Faults(ModelType.Prediction, json), Is.Empty);
        var read = PredictionConfiguration.Read(JsonSerializer.SerializeToElement(json), out _)!;
        Assert.That((read.Lags, read.Trees), Is.EqualTo((3, 10)));
    }

    [Test]
    public void Everything_wrong_is_told_at_once() =>
        Assert.That(
            Backtests.Errors("""{"strategy":"sma_cross","fast":"x","maxBars":0}""").Select(error => error.Pointer),
            Is.EquivalentTo(new[] { "/fast", "/maxBars", "/slow" })
        );

    [Test]
    public void The_hash_is_that_of_the_meaning_and_not_of_the_spelling()
    {
        var hash = Hash("""{"strategy":"sma_cross","fast":2,"slow":5}""");

        Assert.That(Hash("""{ "slow": "5.0", "fast": 2e0, "strategy": "sma_cross" }"""), Is.EqualTo(hash));
        Assert.That(Hash("""{"strategy":"sma_cross","fast":2,"slow":6}"""), Is.Not.EqualTo(hash));
        Assert.That(hash, Does.Match("^[0-9a-f]{64}$"));

        static string Hash(string json) => Backtests.Configuration(json).Hash;
    }

    [Test]
    public void The_hash_of_candles_changes_with_each_of_their_numbers()
    {
        var candles = Candles.Random(1, 10);
        var changed = candles with { Low = [.. candles.Low[..9], candles.Low[9] - 0.01] };

        Assert.That(DataHash.Of([candles.First(10)]), Is.EqualTo(DataHash.Of([candles])));
        Assert.That(DataHash.Of([changed]), Is.Not.EqualTo(DataHash.Of([candles])));
        Assert.That(DataHash.Of([candles with { CoinId = "ethereum" }]), Is.Not.EqualTo(DataHash.Of([candles])));
    }

    [Test]
    public void Indicators_warm_up_long_enough_to_forget_their_start() =>
        Assert.That(
            Backtests.Configuration("""{"strategy":"sma_cross","fast":2,"slow":21}""").WarmUpBars,
            Is.EqualTo(800)
        );

    [Test]
    public void What_is_not_known_does_nothing_and_neither_does_its_contrary()
    {
        const string Known = """{"gt":["sma(50)",0]}""";

        Assert.That(Trades(Known), Is.Zero);
        Assert.That(Trades($$"""{"not":{{Known}}}"""), Is.Zero);
        Assert.That(Trades($$"""{"any":[{{Known}},{"gt":["close",0]}]}"""), Is.EqualTo(1));
        Assert.That(Trades($$"""{"all":[{{Known}},{"gt":["close",0]}]}"""), Is.Zero);

        static int Trades(string entry) =>
            Backtests.Run($$"""{"strategy":"rules","entry":{{entry}}}""", Candles.Random(1, 20)).Trades.Count;
    }

    [Test]
    public void A_forecast_can_be_asked_for_like_an_indicator()
    {
        var candles = Candles.Closing(1, 1, 1, 1) with { Forecast = [double.NaN, -0.1, 0.2, 0.1] };

        var outcome = Backtests.Run("""{"strategy":"rules","entry":{"crosses_above":["forecast",0]}}""", candles);

        Assert.That(outcome.Trades.Single().EntryTime, Is.EqualTo(candles.OpenTimes[3]));
    }
}
