using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.IntegrationTests.Harness;
using WireMock.Server;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class PollPricesTests : ProviderTest
{
    [Test]
    public async Task The_coins_that_somebody_holds_watches_or_has_an_alert_on_are_priced_in_few_calls()
    {
        var user = await SignUpAsync();
        var portfolio = (await user.PostAsync("/portfolios", new { name = "Main", currency = "EUR" })).ShouldBe(201)[
            "id"
        ];
        (
            await user.PutAsync($"/portfolios/{portfolio}/assets/bitcoin", new { quantity = "1", avgBuyPrice = "1" })
        ).ShouldBe(201);
        var list = (await user.PostAsync("/watchlists", new { name = "Seen" })).ShouldBe(201)["id"];
        (await user.PostAsync($"/watchlists/{list}/items", new { coinId = "ripple" })).ShouldBe(201);
        await WatchAsync(user, "ethereum");
        var kraken = await KrakenAsync(
            ("XXBTZUSD", 64000.5m),
            ("XETHZUSD", 3000m),
            ("XXRPZUSD", 0.5m),
            ("ZEURZUSD", 1.08m),
            ("ADAUSD", 1m)
        );

        await SendAsync(new PollPrices("kraken"));

        var prices = (await user.GetAsync("/market/prices")).ShouldBe(200).Items;
        Assert.That(
            prices.Select(price => $"{price!["coinId"]} {price["price"]} {price["provider"]} {price["isStale"]}"),
            Is.EqualTo([
                "bitcoin 64000.5 kraken false",
                "ethereum 3000 kraken false",
                "eur 1.08 kraken false",
                "ripple 0.5 kraken false",
            ])
        );
        Assert.That(
            kraken.LogEntries.Select(entry => entry.RequestMessage!.Path),
            Is.EqualTo(["/0/public/AssetPairs", "/0/public/Ticker"])
        );
    }

    [Test]
    public async Task A_provider_is_asked_once_in_its_interval_whoever_looks()
    {
        var kraken = await KrakenAsync(("XXBTZUSD", 64000m));
        await WatchAsync(Admin, "bitcoin");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(new PollPrices("kraken"))));

        Assert.That(kraken.LogEntries, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task An_inactive_provider_is_not_asked()
    {
        var kraken = await KrakenAsync(("XXBTZUSD", 64000m));
        await WatchAsync(Admin, "bitcoin");
        await ExecuteAsync("update api_providers set is_active = false where name = 'kraken'");

        await SendAsync(new PollPrices("kraken"));

        Assert.That(kraken.LogEntries, Is.Empty);
    }

    [Test]
    public async Task Who_fails_is_passed_over_until_it_answers_again()
    {
        await WatchAsync(Admin, "bitcoin");
        var kraken = await KrakenAsync(("XXBTZUSD", 64000m));
        await CoinbaseAsync(64010m);
        await PollAsync("kraken", "coinbase");
        Assert.That(await SaidAsync("bitcoin"), Is.EqualTo("64000 kraken"));

        Answer(kraken, "/0/public/Ticker", """{"error":["EService:Unavailable"]}""");
        await PollAsync("kraken");

        Assert.That(await SaidAsync("bitcoin"), Is.EqualTo("64010 coinbase"));
        Assert.That(
            await StoredAsync<string>("select error from provider_polls where kind = 'prices' and error is not null"),
            Is.EqualTo("kraken is out of order.")
        );

        await KrakenAsync(("XXBTZUSD", 64020m));
        await PollAsync("kraken");
        Assert.That(await SaidAsync("bitcoin"), Is.EqualTo("64020 kraken"));
    }

    [TestCase("""{"error":[],"result":{"XXBTZUSD":{"c":["0.0","0"]}}}""")]
    [TestCase("""{"error":[],"result":{"XXBTZUSD":{"c":[null,"0"]}}}""")]
    [TestCase("""{"error":[],"result":{}}""")]
    [TestCase("<html>")]
    public async Task A_price_that_is_missing_is_never_taken_for_one(string ticker)
    {
        await WatchAsync(Admin, "bitcoin");
        Answer(await KrakenAsync(), "/0/public/Ticker", ticker);

        await PollAsync("kraken");

        var price = await PriceAsync("bitcoin");
        Assert.That((price["price"], price["isStale"]!.ToString()), Is.EqualTo(((object?)null, "true")));
        Assert.That(await StoredAsync<long>("select count(*) from price_ticks"), Is.Zero);
    }

    [Test]
    public async Task An_implausible_jump_is_held_back_until_another_confirms_it()
    {
        await WatchAsync(Admin, "bitcoin");
        await KrakenAsync(("XXBTZUSD", 100m));
        await CoinbaseAsync(101m);
        await PollAsync("kraken", "coinbase");

        await KrakenAsync(("XXBTZUSD", 160m));
        await PollAsync("kraken");
        Assert.That(await SaidAsync("bitcoin"), Is.EqualTo("101 coinbase"));
        Assert.That(await StoredAsync<bool>("select bool_or(is_held_back) from provider_quotes"), Is.True);

        await CoinbaseAsync(158m);
        await PollAsync("coinbase");
        Assert.That(await SaidAsync("bitcoin"), Is.EqualTo("160 kraken"));
    }

    [Test]
    public async Task One_provider_alone_may_jump_and_so_may_an_administrator()
    {
        await WatchAsync(Admin, "bitcoin");
        await KrakenAsync(("XXBTZUSD", 100m));
        await PollAsync("kraken");
        await KrakenAsync(("XXBTZUSD", 1000m));
        await PollAsync("kraken");
        Assert.That(await SaidAsync("bitcoin"), Is.EqualTo("1000 kraken"));

        await QuoteAsync("bitcoin", "USD", 5);
        Assert.That(await SaidAsync("bitcoin"), Is.EqualTo("5 admin"));
    }

    [Test]
    public async Task What_is_priced_in_a_dollar_coin_is_worth_dollars_by_that_coin_s_price()
    {
        await WatchAsync(Admin, "bitcoin");
        await QuoteAsync("tether", "USD", 0.999m);
        var binance = await HostAsync("binance");
        Answer(
            binance,
            "/api/v3/exchangeInfo",
            """{"symbols":[{"symbol":"BTCUSDT","baseAsset":"BTC","quoteAsset":"USDT"}]}"""
        );
        Answer(binance, "/api/v3/ticker/price", """[{"symbol":"BTCUSDT","price":"64000.00"}]""");

        await PollAsync("binance");

        Assert.That(await SaidAsync("bitcoin", "USDT"), Is.EqualTo("64000 binance"));
        Assert.That(await SaidAsync("bitcoin"), Is.EqualTo("63936 binance"));
    }

    [Test]
    public async Task A_dollar_coin_whose_price_nobody_says_is_not_guessed_from_bitcoin_s()
    {
        await WatchAsync(Admin, "ethereum");
        await QuoteAsync("bitcoin", "USD", 640_000);
        await QuoteAsync("bitcoin", "USDT", 64_000);
        var binance = await HostAsync("binance");
        Answer(
            binance,
            "/api/v3/exchangeInfo",
            """{"symbols":[{"symbol":"ETHUSDT","baseAsset":"ETH","quoteAsset":"USDT"}]}"""
        );
        Answer(binance, "/api/v3/ticker/price", """[{"symbol":"ETHUSDT","price":"3000.00"}]""");

        await PollAsync("binance");

        Assert.That(
            await StoredAsync<string>("select string_agg(currency || ' ' || price, ', ') from provider_quotes"),
            Is.EqualTo("USDT 3000")
        );
    }

    [Test]
    public async Task Without_its_list_of_markets_a_provider_fails_until_it_gives_it()
    {
        await WatchAsync(Admin, "bitcoin");
        var kraken = await KrakenAsync(("XXBTZUSD", 64000m));
        Answer(kraken, "/0/public/AssetPairs", """{"error":["EService:Unavailable"]}""");

        await PollAsync("kraken");
        await PollAsync("kraken");

        Assert.That(
            await StoredAsync<string>("select error from provider_polls where kind = 'prices'"),
            Is.EqualTo("kraken is out of order.")
        );
        Assert.That(
            kraken.LogEntries.Select(entry => entry.RequestMessage!.Path),
            Is.EqualTo(["/0/public/AssetPairs", "/0/public/AssetPairs"])
        );

        await KrakenAsync(("XXBTZUSD", 64000m));
        await PollAsync("kraken");

        Assert.That(await SaidAsync("bitcoin"), Is.EqualTo("64000 kraken"));
    }

    [TestCase("""{"baseUrl":"https://name.invalid"}""")]
    [TestCase("""{"isActive":false}""")]
    public async Task Another_address_or_use_begins_anew_without_errors_and_waits(string patch)
    {
        await WatchAsync(Admin, "bitcoin");
        Answer(await KrakenAsync(), "/0/public/Ticker", """{"error":["EAPI:Rate limit exceeded"]}""");
        await PollAsync("kraken");
        Assert.That(
            await StoredAsync<long>("select count(*) from provider_polls where error is not null"),
            Is.EqualTo(1)
        );
        await ExecuteAsync("update rate_limit_buckets set blocked_until = now() + interval '1 hour'");
        var site = await SiteAsync("kraken");

        (await Admin.PatchAsync($"/admin/providers/{site.Id}", """{"name":"kraken"}""")).ShouldBe(200);
        Assert.That(await StoredAsync<long>("select count(*) from provider_polls"), Is.EqualTo(2));
        (await Admin.PatchAsync($"/admin/providers/{site.Id}", patch)).ShouldBe(200);

        Assert.That(await StoredAsync<long>("select count(*) from provider_polls"), Is.Zero);
        Assert.That(
            await StoredAsync<long>("select count(*) from rate_limit_buckets where blocked_until is not null"),
            Is.Zero
        );
    }

    private async Task<string> SaidAsync(string coinId, string currency = "USD")
    {
        var price = await PriceAsync(coinId, currency);
        return $"{price["price"]} {price["provider"]}";
    }

    /// <summary>The next poll's turn has come.</summary>
    private static async Task PollAsync(params string[] providers)
    {
        foreach (var provider in providers)
        {
            await ExecuteAsync(
                "update provider_polls set started_at = started_at - interval '10 minutes' where kind = 'prices'"
            );
            await SendAsync(new PollPrices(provider));
        }
    }

    private async Task<WireMockServer> KrakenAsync(params (string Pair, decimal Price)[] prices)
    {
        var host = await HostAsync("kraken");
        var pairs = new[] { ("XXBT", "ZUSD"), ("XETH", "ZUSD"), ("XXRP", "ZUSD"), ("ZEUR", "ZUSD"), ("ADA", "USD") };
        Answer(
            host,
            "/0/public/AssetPairs",
            Result(
                pairs.Select(pair =>
                    Member($"{pair.Item1}{pair.Item2}", $$"""{"base":"{{pair.Item1}}","quote":"{{pair.Item2}}"}""")
                )
            )
        );
        Answer(
            host,
            "/0/public/Ticker",
            Result(prices.Select(price => Member(price.Pair, $$"""{"c":["{{price.Price}}","1"]}""")))
        );
        return host;
    }

    private static string Member(string name, string value) => $"\"{name}\":{value}";

    private static string Result(IEnumerable<string> members) =>
        """{"error":[],"result":{@}}""".Replace("@", string.Join(',', members));

    /// <summary>A clock that runs ahead is forgiven: the price holds when it is asked for.</summary>
    private async Task CoinbaseAsync(decimal bitcoin)
    {
        var host = await HostAsync("coinbase");
        Answer(host, "/products", """[{"id":"BTC-USD","base_currency":"BTC","quote_currency":"USD"}]""");
        Answer(
            host,
            "/products/BTC-USD/ticker",
            $$"""{"trade_id":1,"price":"{{bitcoin}}","size":"1","time":"{{Rfc3339(Now.AddMinutes(1))}}"}"""
        );
    }
}
