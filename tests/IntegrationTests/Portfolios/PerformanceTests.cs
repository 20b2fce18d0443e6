using System.Globalization;
using System.Xml.Linq;
using CryptoBeacon.Infrastructure.Jobs;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.IntegrationTests.Portfolios;

/// <summary>January 2024: bitcoin at 100 on the 1st, 110 on the 2nd, 99 on the 3rd, 150 on the 4th, each price standing for a day.</summary>
internal sealed class PerformanceTests : PortfolioTest
{
    private const string Range = "from=2024-01-01T00:00:00Z&to=2024-01-05T00:00:00Z";

    private static readonly int[] DailyPrices = [100, 110, 99, 150, 150];

    private ApiUser _user = null!;
    private ApiResponse _portfolio = null!;

    [SetUp]
    public async Task HaveFiveDaysOfPrices()
    {
        _user = await SignUpAsync();
        _portfolio = await OpenAsync(_user);
        await StoreDaysAsync("bitcoin", DailyPrices);
    }

    [Test]
    public async Task Returns_gains_and_the_series_behind_them()
    {
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "2", "100", fee: "10");
        await TradeAsync("sell", "2024-01-02T12:00:00Z", "1", "110", fee: "5");

        var answer = await PerformanceAsync(Range);

        Assert.That(
            (
                answer["value"],
                answer["netInvested"],
                answer["realizedPnl"],
                answer["unrealizedPnl"],
                answer["fees"],
                answer["income"]
            ),
            Is.EqualTo(("150", "105", "0", "45", "15", "0"))
        );
        // 110/105, then a day at 110 whose fee costs 5 of 220, then 99/110 and 150/99.
        Assert.That(
            Number(answer["timeWeightedReturn"]),
            Is.EqualTo((220 / 210.0 * 215 / 220 * 150 / 110) - 1).Within(1e-9)
        );
        Assert.That(answer["isComplete"], Is.EqualTo("true"));
        Assert.That(
            answer.Json["points"]!.AsArray().Select(point => point!["value"]!.ToString()),
            Is.EqualTo(new[] { "0", "220", "99", "150", "150" })
        );
    }

    [Test]
    public async Task Gains_and_income_are_what_value_exceeds_net_investment_by_in_any_range()
    {
        await TradeAsync("buy", "2024-01-01T06:00:00Z", "3", "101.5", fee: "1.25");
        await TradeAsync("income", "2024-01-02T06:00:00Z", "0.5", "110");
        await TradeAsync("sell", "2024-01-03T06:00:00Z", "1.25", "98", fee: "0.75");

        foreach (var from in new[] { "2023-12-01", "2024-01-02", "2024-01-03" })
        {
            var answer = await PerformanceAsync($"from={from}T00:00:00Z&to=2024-01-05T00:00:00Z");
            Assert.That(
                Decimal(answer["realizedPnl"]) + Decimal(answer["income"]) + Decimal(answer["unrealizedPnl"]),
                Is.EqualTo(Decimal(answer["value"]) - Decimal(answer["netInvested"])),
                answer.ToString()
            );
        }
    }

    [Test]
    public async Task What_was_sold_without_ever_being_bought_is_a_gain_at_the_time_of_its_sale()
    {
        (
            await _user.PostCsvAsync(
                $"/trades/import?portfolioId={_portfolio["id"]}",
                "timestamp,coinId,type,quantity,price\n2024-01-02T12:00:00Z,bitcoin,sell,1,110\n"
            )
        ).ShouldBe(200);

        var whole = await PerformanceAsync(Range);
        var after = await PerformanceAsync("from=2024-01-03T00:00:00Z&to=2024-01-05T00:00:00Z");

        Assert.That(
            (whole["realizedPnl"], whole["netInvested"], whole["value"], whole["isComplete"]),
            Is.EqualTo(("110", "-110", "0", "false"))
        );
        Assert.That(after["realizedPnl"], Is.EqualTo("0"));
    }

    [Test]
    public async Task Drawdown_and_volatility_follow_the_index_not_the_money()
    {
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "1", "100");
        await TradeAsync("buy", "2024-01-02T12:00:00Z", "9", "110");

        var answer = await PerformanceAsync(Range);

        Assert.That(Number(answer["maxDrawdown"]), Is.EqualTo(-0.1).Within(1e-9));
        double[] returns = [0.1, -0.1, (150 / 99.0) - 1, 0];
        var mean = returns.Average();
        var deviation = Math.Sqrt(returns.Sum(r => Math.Pow(r - mean, 2)) / 3);
        Assert.That(Number(answer["volatility"]), Is.EqualTo(deviation * Math.Sqrt(365)).Within(1e-9));
    }

    [Test]
    public async Task Money_weighted_is_a_rate_a_year()
    {
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "1", "100");

        var answer = await PerformanceAsync("from=2024-01-01T00:00:00Z&to=2024-01-02T00:00:00Z");

        Assert.That(Number(answer["moneyWeightedReturn"]), Is.EqualTo(Math.Pow(1.1, 365) - 1).Within(1).Percent);
    }

    [Test]
    public async Task Each_asset_has_its_own_return()
    {
        await StoreDaysAsync("ethereum", [10, 10, 10, 10, 5]);
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "1", "100");
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "1", "10", coinId: "ethereum");

        var answer = await PerformanceAsync(Range);

        Assert.That(Member(answer, "assets", "bitcoin")!["timeWeightedReturn"]!.ToString(), Is.EqualTo("0.5"));
        Assert.That(Member(answer, "assets", "ethereum")!["timeWeightedReturn"]!.ToString(), Is.EqualTo("-0.5"));
    }

    [Test]
    public async Task What_has_no_price_is_named_and_the_rest_stands()
    {
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "1", "100");
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "1", "10", coinId: "nobody-knows");

        var answer = await PerformanceAsync(Range);

        Assert.That(
            (answer["value"], answer["netInvested"], answer["isComplete"]),
            Is.EqualTo(("150", "110", "false"))
        );
        Assert.That(
            (answer["timeWeightedReturn"], answer["maxDrawdown"], answer["volatility"]),
            Is.EqualTo(((string?)null, (string?)null, (string?)null))
        );
        Assert.That(Member(answer, "missing", "nobody-knows")!["what"]!.ToString(), Is.EqualTo("price"));
        Assert.That(
            answer.Json["reasons"]!.AsArray().Select(r => r!["field"]!.ToString()),
            Does.Contain("timeWeightedReturn")
        );
    }

    [Test]
    public async Task Nothing_held_is_worth_nothing_and_has_no_return()
    {
        var answer = (await _user.GetAsync($"{_portfolio.Location}/performance")).ShouldBe(200);

        Assert.That(
            (answer["value"], answer["netInvested"], answer["timeWeightedReturn"]),
            Is.EqualTo(("0", "0", (string?)null))
        );
        Assert.That(answer["isComplete"], Is.EqualTo("true"));
    }

    [TestCase("interval=5m", "interval")]
    [TestCase("from=yesterday", "from")]
    [TestCase("from=2024-01-02T00:00:00Z&to=2024-01-01T00:00:00Z", "to")]
    [TestCase("to=2999-01-01T00:00:00Z", "to")]
    [TestCase("from=2001-01-01T00:00:00Z&interval=1h", "from")]
    [TestCase("currency=dollars", "currency")]
    public async Task Bad_input_is_named(string query, string field) =>
        (await _user.GetAsync($"{_portfolio.Location}/performance?{query}")).ShouldNameField(field);

    [Test]
    public async Task Nobody_sees_the_performance_of_another()
    {
        var other = await SignUpAsync();

        (await other.GetAsync($"{_portfolio.Location}/performance")).ShouldBe(404);
        (await other.GetAsync($"{_portfolio.Location}/chart.svg")).ShouldBe(404);
    }

    [Test]
    public async Task The_chart_is_a_picture_without_script_or_style()
    {
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "1", "100");

        var answer = (await _user.GetAsync($"{_portfolio.Location}/chart.svg?{Range}")).ShouldBe(200);

        Assert.That(answer.MediaType, Is.EqualTo("image/svg+xml"));
        var names = XDocument.Parse(answer.Text).Descendants().Select(element => element.Name.LocalName).ToArray();
        Assert.That(names, Does.Contain("path"));
        Assert.That(names, Has.None.AnyOf("script", "style"));
    }

    [Test]
    public async Task The_job_keeps_every_day_and_takes_again_those_that_a_late_trade_changes()
    {
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "1", "100");
        await TakeSnapshotsAsync();
        var days = (await _user.GetAsync($"{_portfolio.Location}/performance")).Json["points"]!.AsArray().Count;
        Assert.That(await SnapshotAsync("2024-01-03"), Is.EqualTo(150m));
        Assert.That(
            await StoredAsync<long>("select count(*) from portfolios.portfolio_snapshots"),
            Is.EqualTo(days - 2),
            "one for each day that has ended"
        );

        await TradeAsync("buy", "2024-01-02T12:00:00Z", "1", "110");
        await TakeSnapshotsAsync();

        Assert.That((await SnapshotAsync("2024-01-01"), await SnapshotAsync("2024-01-03")), Is.EqualTo((110m, 300m)));
    }

    [Test]
    public async Task The_job_fills_the_gap_that_an_outage_left()
    {
        await TradeAsync("buy", "2024-01-01T00:00:00Z", "1", "100");
        await TakeSnapshotsAsync();
        await StoredAsync<long>(
            "with gone as (delete from portfolios.portfolio_snapshots where day between '2024-01-02' and '2024-01-03' or day > now() - interval '3 days' returning 1) select count(*) from gone"
        );

        await TakeSnapshotsAsync();

        Assert.That((await SnapshotAsync("2024-01-02"), await SnapshotAsync("2024-01-03")), Is.EqualTo((99m, 150m)));
    }

    private static Task TakeSnapshotsAsync() =>
        TestRun
            .Server.Server.App.Services.GetRequiredService<JobHost>()
            .RunAsync("portfolios.snapshots", null, CancellationToken.None);

    private static Task<decimal> SnapshotAsync(string day) =>
        StoredAsync<decimal>(
            "select value from portfolios.portfolio_snapshots where day = $1",
            DateOnly.Parse(day, CultureInfo.InvariantCulture)
        );

    private async Task<ApiResponse> PerformanceAsync(string query) =>
        (await _user.GetAsync($"{_portfolio.Location}/performance?{query}")).ShouldBe(200);

    private async Task TradeAsync(
        string type,
        string timestamp,
        string quantity,
        string price,
        string? fee = null,
        string coinId = "bitcoin"
    ) =>
        (
            await _user.PostAsync(
                "/trades",
                new
                {
                    portfolioId = _portfolio["id"],
                    coinId,
                    type,
                    timestamp,
                    quantity,
                    price,
                    fee,
                }
            )
        ).ShouldBe(201);

    private static async Task StoreDaysAsync(string coinId, int[] prices) =>
        (
            await (await AdminAsync()).PostCsvAsync(
                $"/admin/market/candles?coinId={coinId}&currency=USD&interval=1m",
                "time,open,high,low,close,volume\n"
                    + string.Join(
                        '\n',
                        prices.Select(
                            (price, day) => $"2024-01-{day + 1:00}T00:00:00Z,{price},{price},{price},{price},1"
                        )
                    )
            )
        ).ShouldBe(200);

    private static double Number(string? text) => double.Parse(text!, CultureInfo.InvariantCulture);

    private static decimal Decimal(string? text) => decimal.Parse(text!, CultureInfo.InvariantCulture);
}
