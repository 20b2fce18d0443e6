namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class QuotePricesTests : MarketTest
{
    [Test]
    public async Task An_accepted_price_is_what_the_next_read_sees()
    {
        await QuoteAsync("bitcoin", "USD", 60_000.5m);

        var price = await PriceAsync("bitcoin");

        Assert.That(
            (price["price"]!.ToString(), price["provider"]!.ToString(), (bool)price["isStale"]!),
            Is.EqualTo(("60000.5", "admin", false))
        );
    }

    [Test]
    public async Task The_newest_price_wins_whatever_the_order_of_arrival()
    {
        (
            await QuoteAsync(("bitcoin", "USD", 2, Now.AddMinutes(-1)), ("bitcoin", "USD", 1, Now.AddMinutes(-2)))
        ).ShouldBe(202);
        await QuoteAsync("bitcoin", "USD", 3, ago: TimeSpan.FromMinutes(5));

        Assert.That((await PriceAsync("bitcoin"))["price"]!.ToString(), Is.EqualTo("2"));
        Assert.That(
            await StoredAsync<long>("select count(*) from api_integration.price_ticks where is_late"),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task A_coin_without_a_price_has_none_rather_than_zero()
    {
        var price = await PriceAsync("no-such-coin");

        Assert.That(
            (price["price"], price["change24hPercent"], (bool)price["isStale"]!),
            Is.EqualTo(((object?)null, (object?)null, true))
        );
    }

    [Test]
    public async Task A_price_of_zero_is_a_price()
    {
        await QuoteAsync("terra-luna", "USD", 0);

        Assert.That((await PriceAsync("terra-luna"))["price"]!.ToString(), Is.EqualTo("0"));
    }

    [Test]
    public async Task The_change_is_against_the_rate_of_24_hours_ago()
    {
        await QuoteAsync("bitcoin", "USD", 100, ago: TimeSpan.FromHours(25));
        await QuoteAsync("bitcoin", "USD", 112.5m);

        Assert.That((await PriceAsync("bitcoin"))["change24hPercent"]!.ToString(), Is.EqualTo("12.5"));
    }

    [Test]
    public async Task A_price_of_two_days_ago_is_stale()
    {
        await QuoteAsync("bitcoin", "USD", 100, ago: TimeSpan.FromHours(48));
        await QuoteAsync("eur", "USD", 1.25m, ago: TimeSpan.FromHours(48));

        Assert.That((bool)(await PriceAsync("bitcoin"))["isStale"]!, Is.True);
        Assert.That(
            (bool)(await PriceAsync("eur"))["isStale"]!,
            Is.False,
            "over a weekend nobody quotes fiat currencies"
        );
    }

    [Test]
    public async Task A_price_that_nobody_quotes_is_worked_out_from_others()
    {
        await QuoteAsync("bitcoin", "USD", 50_000);
        await QuoteAsync("eur", "USD", 1.25m);

        var price = await PriceAsync("bitcoin", "EUR");

        Assert.That((price["price"]!.ToString(), price["provider"]), Is.EqualTo(("40000", (object?)null)));
    }

    [Test]
    public async Task Without_coins_all_prices_of_the_currency_come_page_by_page()
    {
        (
            await QuoteAsync(("a", "USD", 1, null), ("b", "USD", 2, null), ("c", "USD", 3, null), ("d", "EUR", 4, null))
        ).ShouldBe(202);

        var first = await Admin.GetAsync("/market/prices?limit=2");
        var second = await Admin.GetAsync($"/market/prices?limit=2&cursor={first["nextCursor"]}");

        Assert.That(
            first.Items.Concat(second.Items).Select(price => price!["coinId"]!.ToString()),
            Is.EqualTo(new[] { "a", "b", "c" })
        );
        Assert.That(second["nextCursor"], Is.Null);
    }

    [TestCase("""{"prices":[{"coinId":"bitcoin","currency":"USD","price":"-1"}]}""", "prices[0].price")]
    [TestCase("""{"prices":[{"coinId":"bitcoin","currency":"USD"}]}""", "prices[0].price")]
    [TestCase("""{"prices":[{"coinId":"bitcoin","currency":"USD","price":"NaN"}]}""", "prices[0].price")]
    [TestCase(
        """{"prices":[{"coinId":"bitcoin","currency":"USD","price":"0.0000000000000000001"}]}""",
        "prices[0].price"
    )]
    [TestCase("""{"prices":[{"coinId":"Bit Coin","currency":"USD","price":"1"}]}""", "prices[0].coinId")]
    [TestCase("""{"prices":[{"coinId":"bitcoin","currency":"usd","price":"1"}]}""", "prices[0].currency")]
    [TestCase(
        """{"prices":[{"coinId":"bitcoin","currency":"USD","price":"1","asOf":"2999-01-01T00:00:00Z"}]}""",
        "prices[0].asOf"
    )]
    [TestCase("""{"prices":[{"coinId":"bitcoin","currency":"USD","price":"1","volume":"1"}]}""", "prices[0].volume")]
    [TestCase("""{"prices":[null]}""", "prices[0]")]
    [TestCase("""{"prices":[]}""", "prices")]
    [TestCase("""{"prices":null}""", "prices")]
    [TestCase("""{}""", "prices")]
    public async Task A_bad_price_is_refused_by_name_and_nothing_is_stored(string body, string field)
    {
        (await Admin.PostAsync("/admin/market/prices", body)).ShouldNameField(field);

        Assert.That(await StoredAsync<long>("select count(*) from api_integration.price_batches"), Is.Zero);
    }

    [Test]
    public async Task More_than_10000_prices_at_once_are_refused()
    {
        var prices = Enumerable
            .Repeat<(string, string, decimal, DateTimeOffset?)>(("bitcoin", "USD", 1, null), 10_001)
            .ToArray();

        (await QuoteAsync(prices)).ShouldNameField("prices");
        (await QuoteAsync(prices[..10_000])).ShouldBe(202);
    }

    [Test]
    public async Task Only_administrators_say_prices()
    {
        var user = await SignUpAsync();

        (
            await user.PostAsync(
                "/admin/market/prices",
                new
                {
                    prices = new[]
                    {
                        new
                        {
                            coinId = "bitcoin",
                            currency = "USD",
                            price = 1,
                        },
                    },
                }
            )
        ).ShouldBe(403);
        (await user.GetAsync("/market/prices?coinIds=bitcoin")).ShouldBe(200);
        (await Anonymous.GetAsync("/market/prices?coinIds=bitcoin")).ShouldBe(401);
    }

    [Test]
    public async Task Batches_that_come_at_once_are_all_stored_and_numbered()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(n => QuoteAsync("bitcoin", "USD", n)));

        Assert.That(
            await StoredAsync<long>("select count(distinct sequence) from api_integration.price_batches"),
            Is.EqualTo(20)
        );
        Assert.That(
            await StoredAsync<decimal>("select price from api_integration.latest_prices"),
            Is.EqualTo(
                await StoredAsync<decimal>(
                    "select price from api_integration.price_ticks order by as_of desc, batch_sequence desc limit 1"
                )
            )
        );
    }

    [Test]
    public async Task A_price_names_the_pairs_it_is_made_of_and_is_as_old_as_the_oldest()
    {
        await QuoteAsync("bitcoin", "USD", 60_000);
        await QuoteAsync("eur", "USD", 1.25m, TimeSpan.FromHours(2));

        var (quoted, converted) = (await PriceAsync("bitcoin"), await PriceAsync("bitcoin", "EUR"));

        Assert.That($"{quoted["route"]!.ToJsonString()} {quoted["provider"]}", Is.EqualTo("[\"bitcoin/USD\"] admin"));
        Assert.That(converted["route"]!.ToJsonString(), Is.EqualTo("[\"bitcoin/USD\",\"eur/USD\"]"));
        Assert.That($"{converted["price"]} {converted["provider"]}", Is.EqualTo("48000 "));
        Assert.That(Now - DateTimeOffset.Parse($"{converted["asOf"]}"), Is.GreaterThan(TimeSpan.FromMinutes(119)));
        Assert.That((await PriceAsync("nobody-quotes-this"))["route"], Is.Null);
    }

    [Test]
    public async Task The_coins_that_are_named_come_by_the_page_where_a_limit_is_given()
    {
        var named = string.Join(',', Enumerable.Range(100, 120).Select(n => $"coin-{n}"));
        var all = (await Admin.GetAsync($"/market/prices?coinIds={named}")).ShouldBe(200);
        var first = (await Admin.GetAsync($"/market/prices?coinIds={named}&limit=70")).ShouldBe(200);
        var second = (
            await Admin.GetAsync($"/market/prices?coinIds={named}&limit=70&cursor={first["nextCursor"]}")
        ).ShouldBe(200);

        Assert.That((all.Items.Count, all["nextCursor"]), Is.EqualTo((120, (string?)null)));
        Assert.That((first.Items.Count, second.Items.Count, second["nextCursor"]), Is.EqualTo((70, 50, (string?)null)));
        Assert.That(second.Items[0]!["coinId"]!.ToString(), Is.EqualTo("coin-170"));
    }

    [TestCase("0001-01-01T00:00:00Z")]
    [TestCase("1899-12-31T23:59:59.999999Z")]
    public async Task A_price_of_before_1900_is_refused(string asOf) =>
        (await QuoteAsync(("bitcoin", "USD", 1, DateTimeOffset.Parse(asOf)))).ShouldNameField("prices[0].asOf");

    [TestCase("coinIds=Bit%20Coin", "coinIds")]
    [TestCase("coinIds=", "coinIds")]
    [TestCase("currency=usd", "currency")]
    [TestCase("limit=0", "limit")]
    [TestCase("limit=x", "limit")]
    [TestCase("cursor=x", "cursor")]
    public async Task A_bad_question_is_refused_by_name(string query, string field) =>
        (await Admin.GetAsync($"/market/prices?{query}")).ShouldNameField(field);

    [Test]
    public async Task A_thousand_prices_come_in_at_once_and_again()
    {
        (await QuoteAsync(Prices(1))).ShouldBe(202);
        (await QuoteAsync(Prices(2))).ShouldBe(202);

        Assert.That(
            await StoredAsync<string>("select concat(count(*), ' ', sum(price)) from api_integration.latest_prices"),
            Is.EqualTo("1000 501500")
        );

        static (string, string, decimal, DateTimeOffset?)[] Prices(decimal first) =>
            [.. Enumerable.Range(0, 1000).Select(n => ($"coin-{n}", "USD", first + n, (DateTimeOffset?)null))];
    }
}
