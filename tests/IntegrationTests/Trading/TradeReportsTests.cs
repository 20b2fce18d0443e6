using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

internal sealed class TradeReportsTests : LotTest
{
    [Test]
    public async Task A_tax_year_has_gains_by_term_income_fees_and_holdings_at_its_end()
    {
        await RecordAllAsync(
            On("2023-05-01T00:00:00Z", "buy", "1", "100", ("fee", "2")),
            On("2024-06-01T00:00:00Z", "buy", "3", "300", ("fee", "3")),
            On("2024-07-01T00:00:00Z", "sell", "2", "500", ("fee", "4")),
            On("2024-08-01T00:00:00Z", "income", "1", "50"),
            On("2025-02-01T00:00:00Z", "sell", "3", "500", ("fee", "5"))
        );

        var report = (await User.GetAsync("/trades/tax-report?year=2024")).ShouldBe(200);

        Assert.That(
            (report["shortTermGain"], report["longTermGain"], report["income"], report["fees"]),
            Is.EqualTo(("197", "396", "50", "7"))
        );
        Assert.That(Each(report, "holdings", "coinId", "quantity", "cost"), Is.EqualTo(new[] { "bitcoin/3/652" }));
    }

    [Test]
    public async Task What_is_held_at_the_end_of_the_year_without_a_price_is_named()
    {
        await RecordAllAsync(On("2024-06-01T00:00:00Z", "buy", "3", "300"));

        var report = (await User.GetAsync("/trades/tax-report?year=2024")).ShouldBe(200);

        Assert.That(report["isComplete"], Is.EqualTo("false"));
        Assert.That(Each(report, "missing", "coinId", "what", "quantity"), Is.EqualTo(new[] { "bitcoin/price/3" }));
    }

    [Test]
    public async Task A_tax_year_begins_at_midnight_of_its_time_zone()
    {
        await RecordAllAsync(
            On("2024-06-01T00:00:00Z", "buy", "2", "100"),
            On("2024-12-31T23:30:00Z", "sell", "1", "150")
        );

        var berlin = await User.GetAsync("/trades/tax-report?year=2024&timeZone=Europe/Berlin");
        var utc = await User.GetAsync("/trades/tax-report?year=2024");

        Assert.That((berlin["to"], berlin["totalGain"]), Is.EqualTo(("2024-12-31T23:00:00Z", "0")));
        Assert.That((utc["to"], utc["totalGain"]), Is.EqualTo(("2025-01-01T00:00:00Z", "50")));
        Assert.That(Each(berlin, "holdings", "quantity"), Is.EqualTo(new[] { "2" }));
    }

    [Test]
    public async Task A_tax_report_is_a_csv_file_for_who_prefers_one()
    {
        await RecordAllAsync(
            On("2024-06-01T00:00:00Z", "buy", "2", "100"),
            On("2024-07-01T00:00:00Z", "sell", "1", "150")
        );

        var report = (await User.GetAsync("/trades/tax-report?year=2024", ("Accept", "text/csv"))).ShouldBe(200);

        Assert.That(report.MediaType, Is.EqualTo("text/csv"));
        Assert.That(
            report.Text.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(
                new[]
                {
                    "item,coinId,quantity,cost,price,amount,currency",
                    "short-term gain,,,,,50,USD",
                    "long-term gain,,,,,0,USD",
                    "gain without a term,,,,,0,USD",
                    "income,,,,,0,USD",
                    "fees,,,,,0,USD",
                    "holding,bitcoin,1,100,,,USD",
                }
            )
        );
    }

    [TestCase("tag", "swing/2/1/50/50/3/1", "null/2/0/-20/-20/0/1")]
    [TestCase("exchange", "kraken/2/0/-20/-20/2/1", "null/2/1/50/50/1/1")]
    [TestCase("month", "2026-01/4/0.5/30/15/3/2")]
    [TestCase("coin", "bitcoin/4/0.5/30/15/3/2")]
    public async Task Trades_are_summed_up_by_what_they_have_in_common(string groupBy, params string[] groups)
    {
        await RecordAllAsync(
            Trade("buy", "1", 0, ("price", "100"), ("exchange", "kraken"), ("tags", Tags("swing")), ("fee", "2")),
            Trade("buy", "1", 1, ("price", "100")),
            Trade("sell", "1", 2, ("price", "153"), ("tags", Tags("swing")), ("fee", "1")),
            Trade("sell", "1", 3, ("price", "80"), ("exchange", "kraken"))
        );

        var statistics = (await User.GetAsync($"/trades/statistics?groupBy={groupBy}")).ShouldBe(200);

        Assert.That(
            Each(statistics, "items", "key", "count", "winRate", "realizedGain", "average", "fees", "sampleSize"),
            Is.EqualTo(groups)
        );
    }

    [Test]
    public async Task Without_a_sale_there_is_no_rate_of_wins_and_no_average()
    {
        await RecordAllAsync(Trade("buy", "1"));

        Assert.That(
            Each(
                await User.GetAsync("/trades/statistics?groupBy=coin"),
                "items",
                "winRate",
                "average",
                "realizedGain",
                "sampleSize"
            ),
            Is.EqualTo(new[] { "null/null/0/0" })
        );
    }

    private static JsonArray Tags(params string[] tags) => [.. tags];

    private JsonObject On(
        string time,
        string type,
        string quantity,
        string price,
        params (string, JsonNode?)[] changes
    ) => Trade(type, quantity, 0, [("timestamp", time), ("price", price), .. changes]);
}
