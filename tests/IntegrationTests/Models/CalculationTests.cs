using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Models;

/// <summary>The stateless calculations, held against results that others published.</summary>
internal sealed class CalculationTests : ApiTest
{
    [Test]
    public async Task Xirr_is_that_of_the_published_cases()
    {
        var user = await SignUpAsync();
        var oracle = Read("oracles/performance/xirr.json");

        foreach (var item in oracle["xirr"]!.AsArray())
        {
            var flows = item!["flows"]!
                .AsArray()
                .Select(flow => new { date = (string)flow![0]!, amount = Text(flow[1]!) });
            var answer = (await user.PostAsync("/calculations/cash-flows", new { flows })).ShouldBe(200);

            var (rate, expected) = (Number(answer["xirr"]), (double?)item["expected_xirr"]);
            var name = (string)item["name"]!;
            Assert.That(rate is null, Is.EqualTo(expected is null), name);
            Assert.That(answer.Json["reasons"]!.AsArray(), rate is null ? Is.Not.Empty : Is.Empty, name);
            if (rate is { } r)
            {
                // Others take whichever root their search meets first; ours is the one nearest to no return.
                Assert.That(PresentValue(item["flows"]!.AsArray(), r), Is.Zero.Within(1e-3), name);
                Assert.That(
                    Math.Abs(double.LogP1(r)),
                    Is.LessThan(Math.Abs(double.LogP1(expected!.Value)) + 1e-8),
                    name
                );
            }
        }
    }

    [Test]
    public async Task Indicators_are_those_of_the_published_cases_and_null_while_they_warm_up()
    {
        var user = await SignUpAsync();
        var candles = File.ReadLines(SharedData.File("oracles/indicators/quotes_default.csv"))
            .Skip(1)
            .Select(line => line.Split(','))
            .Select(row => new
            {
                time = $"{row[0]}T00:00:00Z",
                open = row[1],
                high = row[2],
                low = row[3],
                close = row[4],
                volume = row[5],
            });

        var answer = (
            await user.PostAsync(
                "/calculations/indicators",
                new { candles, indicators = new[] { "sma(20)", "macd(12,26,9)", "bb.width" } }
            )
        ).ShouldBe(200);

        Assert.That((string)answer.Json["time"]![0]!, Is.EqualTo("2017-01-03T00:00:00Z"));
        Compare(answer.Json["series"]!["sma(20)"]!, "sma", "sma");
        Compare(answer.Json["series"]!["bb.width"]!, "bb", "width");
        foreach (var line in new[] { "macd", "signal", "histogram" })
        {
            Compare(answer.Json["series"]!["macd(12,26,9)"]![line]!, "macd", line);
        }

        static void Compare(JsonNode actual, string file, string line) =>
            Assert.That(
                actual.AsArray().Select(value => Number((string?)value)),
                Is.EqualTo(
                        Read($"oracles/indicators/{file}.standard.json").AsArray().Select(row => (double?)row![line])
                    )
                    .Within(1e-9)
            );
    }

    [TestCase("""{"candles":[],"indicators":["sma(20)","sma(0)"]}""", "indicators[1]")]
    [TestCase("""{"candles":[],"indicators":[null]}""", "indicators[0]")]
    [TestCase("""{"candles":[],"indicators":[]}""", "indicators")]
    [TestCase("""{"candles":[null],"indicators":["obv"]}""", "candles[0]")]
    [TestCase(
        """{"candles":[{"time":"2026-01-01T00:00:00Z","open":1,"high":0.9,"low":0.5,"close":0.8,"volume":1}],"indicators":["obv"]}""",
        "candles[0].high"
    )]
    public async Task What_is_wrong_with_indicators_is_told_where_it_stands(string body, string field)
    {
        var user = await SignUpAsync();

        var answer = await user.PostAsync("/calculations/indicators", JsonNode.Parse(body)!);

        Assert.That(
            answer.ShouldBe(400).Json["errors"]!.AsObject().Select(error => error.Key),
            Is.EqualTo(new[] { field })
        );
    }

    [TestCase("cum_returns_final", "totalReturn")]
    [TestCase("max_drawdown", "maxDrawdown")]
    [TestCase("annual_volatility", "volatility")]
    public async Task Ratios_are_those_of_the_published_cases(string oracleName, string field)
    {
        var user = await SignUpAsync();
        var oracle = Read("oracles/performance/ratios.json");
        var periods = new Dictionary<string, int>
        {
            ["daily"] = 252,
            ["weekly"] = 52,
            ["monthly"] = 12,
        };

        foreach (var item in oracle["expected"]![oracleName]!.AsArray())
        {
            var returns = oracle["series"]![(string)item![0]!]!.AsArray().Select(r => r is null ? null : Text(r));
            var periodsPerYear = item.AsArray().Count == 3 ? periods[(string)item[1]!] : 252;
            var answer = (await user.PostAsync("/calculations/returns", new { returns, periodsPerYear })).ShouldBe(200);

            var expected = (double?)item.AsArray()[^1];
            Assert.That(Number(answer[field]), Is.EqualTo(expected).Within(1e-5), item.ToJsonString());
        }
    }

    [Test]
    public async Task What_cannot_be_said_has_its_reason()
    {
        var user = await SignUpAsync();

        var flat = (
            await user.PostAsync(
                "/calculations/returns",
                new { returns = new[] { "0.01", "0.01" }, periodsPerYear = 365 }
            )
        ).ShouldBe(200);

        Assert.That(flat["sharpe"], Is.Null);
        Assert.That(
            flat.Json["reasons"]!.AsArray().Select(r => $"{r!["field"]} {r["code"]}"),
            Is.SupersetOf(new[] { "sharpe division_by_zero", "sortino division_by_zero", "calmar division_by_zero" })
        );
    }

    [TestCase("cash-flows", """{"flows":[{"date":"2020-13-01","amount":"1"}]}""", "flows[0].date")]
    [TestCase("cash-flows", """{"flows":[{"date":"2020-01-01"}]}""", "flows[0].amount")]
    [TestCase("cash-flows", """{"flows":[null]}""", "flows[0]")]
    [TestCase("cash-flows", "{}", "flows")]
    [TestCase("returns", """{"returns":["-1.5"],"periodsPerYear":365}""", "returns[0]")]
    [TestCase("returns", """{"returns":["0.1"],"periodsPerYear":0}""", "periodsPerYear")]
    [TestCase("returns", """{"returns":["0.1"]}""", "periodsPerYear")]
    public async Task Bad_input_is_named(string calculation, string body, string field)
    {
        var user = await SignUpAsync();

        (await user.PostAsync($"/calculations/{calculation}", JsonNode.Parse(body))).ShouldNameField(field);
    }

    private static double PresentValue(JsonArray flows, double rate)
    {
        var start = flows.Min(flow => DateTime.Parse((string)flow![0]!, CultureInfo.InvariantCulture));
        return flows.Sum(flow =>
            flow![1]!.GetValue<double>()
            / Math.Pow(
                1 + rate,
                (DateTime.Parse((string)flow[0]!, CultureInfo.InvariantCulture) - start).TotalDays / 365
            )
        );
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(SharedData.File(file)))!;

    /// <summary>What a client with binary numbers would send: the number itself, beyond 18 decimals cut.</summary>
    private static string Text(JsonNode number) =>
        Math.Round((decimal)number.GetValue<JsonElement>().GetDouble(), 15).ToString(CultureInfo.InvariantCulture);

    private static double? Number(string? text) =>
        text is null ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
