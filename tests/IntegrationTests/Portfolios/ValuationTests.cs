using System.Globalization;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Portfolios;

internal sealed class ValuationTests : PortfolioTest
{
    [Test]
    public async Task Assets_are_worth_their_newest_price()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        await SetOpeningAsync(user, portfolio, "bitcoin", 2, 100);
        await SetOpeningAsync(user, portfolio, "ethereum", 10, 10);
        await PriceAsync("bitcoin", "USD", 150, hoursAgo: 25);
        await PriceAsync("bitcoin", "USD", 300);
        await PriceAsync("ethereum", "USD", 20);

        var valuation = (await user.GetAsync($"{portfolio.Location}/valuation")).ShouldBe(200);

        Assert.That(
            Totals(valuation),
            Is.EqualTo(
                """{"currency":"USD","totalValue":"800","totalCost":"300","unrealizedPnl":"500","change24h":"300","change24hPercent":"100","isComplete":true}"""
            )
        );
        Assert.That(valuation["unrealizedPnlPercent"], Is.EqualTo("166.666666666666666667"));
        var bitcoin = Member(valuation, "assets", "bitcoin")!;
        Assert.That(
            (bitcoin["value"]!.ToString(), bitcoin["allocationPercent"]!.ToString()),
            Is.EqualTo(("600", "75"))
        );
        Assert.That(bitcoin["change24hPercent"]!.ToString(), Is.EqualTo("100"));
        Assert.That(Member(valuation, "assets", "ethereum")!["change24hPercent"], Is.Null);
        Assert.That(
            Member(valuation, "rates", "bitcoin")!["route"]!.AsArray().Select(pair => pair!.ToString()),
            Is.EqualTo(new[] { "bitcoin/USD" })
        );
    }

    [Test]
    public async Task What_has_no_price_is_named_and_never_zero()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100);
        await SetOpeningAsync(user, portfolio, "unheard-of", 5, 10);
        await PriceAsync("bitcoin", "USD", 110);

        var valuation = (await user.GetAsync($"{portfolio.Location}/valuation")).ShouldBe(200);

        Assert.That(
            Totals(valuation),
            Is.EqualTo(
                """{"currency":"USD","totalValue":"110","totalCost":"100","unrealizedPnl":"10","change24h":null,"change24hPercent":null,"isComplete":false}"""
            )
        );
        var asset = Member(valuation, "assets", "unheard-of")!;
        Assert.That(
            (asset["price"], asset["value"], asset["unrealizedPnl"]),
            Is.EqualTo(((JsonNode?)null, (JsonNode?)null, (JsonNode?)null))
        );
        Assert.That(Member(valuation, "missing", "unheard-of")!["what"]!.ToString(), Is.EqualTo("price"));
    }

    [Test]
    public async Task Where_nothing_has_a_price_the_totals_are_unknown()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        await SetOpeningAsync(user, portfolio, "unheard-of", 5, 10);

        var valuation = (await user.GetAsync($"{portfolio.Location}/valuation")).ShouldBe(200);

        Assert.That(
            (valuation["totalValue"], valuation["totalCost"], valuation["unrealizedPnl"], valuation["isComplete"]),
            Is.EqualTo(((string?)null, (string?)null, (string?)null, "false"))
        );
    }

    [Test]
    public async Task A_value_of_too_many_digits_is_named_and_never_zero()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100);
        (
            await user.PutAsync(
                $"{portfolio.Location}/assets/ethereum",
                new { quantity = "9999999999999999999999999999", avgBuyPrice = "1" }
            )
        ).ShouldBe(201);
        await PriceAsync("bitcoin", "USD", 110);
        await PriceAsync("ethereum", "USD", 123);

        var valuation = (await user.GetAsync($"{portfolio.Location}/valuation")).ShouldBe(200);

        Assert.That((valuation["totalValue"], valuation["isComplete"]), Is.EqualTo(("110", "false")));
        Assert.That(Member(valuation, "missing", "ethereum")!["what"]!.ToString(), Is.EqualTo("digits"));
    }

    [Test]
    public async Task If_match_of_anything_makes_no_new_asset()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        (
            await user.PutAsync(
                $"{portfolio.Location}/assets/bitcoin",
                new { quantity = "1", avgBuyPrice = "1" },
                ("If-Match", "*")
            )
        ).ShouldBe(412);
    }

    [Test]
    public async Task An_empty_portfolio_is_worth_nothing_and_has_no_percentages()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        var valuation = await user.GetAsync($"{portfolio.Location}/valuation");

        Assert.That(
            Totals(valuation),
            Is.EqualTo(
                """{"currency":"USD","totalValue":"0","totalCost":"0","unrealizedPnl":"0","change24h":"0","change24hPercent":null,"isComplete":true}"""
            )
        );
        Assert.That(valuation["unrealizedPnlPercent"], Is.Null);
    }

    [Test]
    public async Task The_past_is_valued_with_what_was_held_and_known_then()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100, "2020-01-01T00:00:00Z");
        await PriceAsync("bitcoin", "USD", 200, hoursAgo: 48);
        await PriceAsync("bitcoin", "USD", 300);

        var asOf = HoursAgo(47);
        var past = await user.GetAsync($"{portfolio.Location}/valuation?asOf={asOf}");
        var longAgo = await user.GetAsync($"{portfolio.Location}/valuation?asOf=2019-06-01T00:00:00Z");

        Assert.That((past.ShouldBe(200)["totalValue"], past["asOf"]), Is.EqualTo(("200", asOf)));
        Assert.That(longAgo.ShouldBe(200).Json["assets"]!.AsArray(), Is.Empty);
    }

    [TestCase("currency=usd", "currency")]
    [TestCase("currency=", "currency")]
    [TestCase("asOf=yesterday", "asOf")]
    [TestCase("asOf=2020-01-01", "asOf")]
    [TestCase("asOf=9999-01-01T00:00:00Z", "asOf")]
    public async Task A_bad_question_is_named(string query, string field)
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        (await user.GetAsync($"{portfolio.Location}/valuation?{query}")).ShouldNameField(field);
    }

    [Test]
    public async Task The_summary_adds_up_all_portfolios_in_the_default_ones_currency()
    {
        var user = await SignUpAsync();
        var euro = await OpenAsync(user, body: new { name = "Euro", currency = "EUR" });
        var dollar = await OpenAsync(user, body: new { name = "Dollar", currency = "USD" });
        await SetOpeningAsync(user, euro, "bitcoin", 1, 100);
        await SetOpeningAsync(user, dollar, "bitcoin", 2, 100);
        await PriceAsync("eur", "USD", 2);
        await PriceAsync("bitcoin", "USD", 400);

        var summary = (await user.GetAsync("/portfolios/summary")).ShouldBe(200);

        Assert.That(
            (summary["currency"], summary["totalValue"], summary["isComplete"]),
            Is.EqualTo(("EUR", "600", "true"))
        );
        // 100 EUR, and 2 × 100 USD at the rate of their time.
        Assert.That((summary["totalCost"], summary["unrealizedPnl"]), Is.EqualTo(("200", "400")));
        Assert.That(
            summary.Json["portfolios"]!.AsArray().Select(line => $"{line!["name"]} {line["value"]} {line["cost"]}"),
            Is.EqualTo(new[] { "Euro 200 100", "Dollar 400 100" })
        );
    }

    [Test]
    public async Task Without_portfolios_the_summary_is_empty()
    {
        var summary = (await (await SignUpAsync()).GetAsync("/portfolios/summary")).ShouldBe(200);

        Assert.That(
            (summary["currency"], summary["totalValue"], summary["isComplete"]),
            Is.EqualTo(("USD", "0", "true"))
        );
    }

    private static string Totals(ApiResponse valuation) =>
        new JsonObject(
            valuation
                .Json.AsObject()
                .Where(member =>
                    member.Key
                        is "currency"
                            or "totalValue"
                            or "totalCost"
                            or "unrealizedPnl"
                            or "change24h"
                            or "change24hPercent"
                            or "isComplete"
                )
                .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))
        ).ToJsonString();

    private static async Task PriceAsync(string coinId, string currency, decimal price, int hoursAgo = 0)
    {
        var prices = new[]
        {
            new
            {
                coinId,
                currency,
                price,
                asOf = HoursAgo(hoursAgo),
            },
        };
        (await (await AdminAsync()).PostAsync("/admin/market/prices", new { prices })).ShouldBe(202);
    }

    private static string HoursAgo(int hours) =>
        TimeProvider
            .System.GetUtcNow()
            .AddHours(-hours)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
