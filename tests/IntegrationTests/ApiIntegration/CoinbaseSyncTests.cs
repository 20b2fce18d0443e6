namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class CoinbaseSyncTests : AccountTest<PlayedCoinbase>
{
    [Test]
    public async Task The_account_s_fills_become_trades_once()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());

        var first = await SyncAsync(key, portfolio);
        Exchange.Fills.Add(("ETH-USD", 13));
        var second = await SyncAsync(key, portfolio);

        Assert.That(first["result"]!["imported"]!.GetValue<int>(), Is.EqualTo(3), first.ToJsonString());
        Assert.That(
            (second["result"]!["imported"]!.GetValue<int>(), second["result"]!["duplicates"]!.GetValue<int>()),
            Is.EqualTo((1, 0))
        );
        Assert.That(
            (await TradesAsync(portfolio)).Select(trade =>
                $"{trade!["externalId"]} {trade["type"]} {trade["coinId"]} {trade["quantity"]} {trade["totalValue"]} {trade["fee"]}"
            ),
            Is.EquivalentTo(
                new[]
                {
                    "BTC-USD-3 buy bitcoin 0.1 800 4",
                    "ETH-USD-11 buy ethereum 0.1 800 4",
                    "ETH-USD-12 buy ethereum 0.1 800 4",
                    "ETH-USD-13 buy ethereum 0.1 800 4",
                }
            )
        );
    }

    [Test]
    public async Task A_key_is_kept_unchecked_since_it_does_not_tell_what_one_may()
    {
        var key = (await TryToAddKeyAsync()).ShouldBe(201);

        Assert.That(key["permissionsChecked"], Is.EqualTo("false"));
        var test = (await User.PostAsync($"{key.Location}/test")).ShouldBe(200);
        Assert.That((test["ok"], test["mayWithdraw"]), Is.EqualTo(("true", (string?)null)));
    }

    [Test]
    public async Task Pages_that_go_back_in_time_are_read_to_their_end()
    {
        Exchange.Fills.Clear();
        Exchange.Fills.AddRange(Enumerable.Range(1, 2100).Select(id => ("ETH-USD", id)));
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());

        var run = await SyncAsync(key, portfolio);

        Assert.That(run["status"]!.ToString(), Is.EqualTo("succeeded"), run.ToJsonString());
        Assert.That(await CountTradesAsync(portfolio), Is.EqualTo((2100L, 2100L)));
        Assert.That(Exchange.PagesAsked, Is.EqualTo(4), "three of one product, one of the other");
    }

    [TestCase(401, "Invalid API Key", "invalid_key", "coinbase does not accept the key, its secret or its passphrase.")]
    [TestCase(
        400,
        "invalid signature",
        "invalid_key",
        "coinbase does not accept the key, its secret or its passphrase."
    )]
    [TestCase(403, "Forbidden", "missing_permission", "coinbase does not allow that.")]
    [TestCase(404, "NotFound", "refused", "coinbase answered HTTP 404.")]
    public async Task What_it_refuses_is_said_in_plain_words(int status, string said, string told, string message)
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        Exchange.Refusal = PlayedCoinbase.Refused(status, said);

        var run = await SyncAsync(key, portfolio);

        Assert.That(
            (run["status"]!.ToString(), run["error"]!["code"]!.ToString(), run["error"]!["message"]!.ToString()),
            Is.EqualTo(("failed", told, message))
        );
    }

    [Test]
    public async Task Too_many_calls_are_waited_out()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        (Exchange.HoldsAfter, Exchange.PageRefusal) = (
            0,
            PlayedCoinbase.Refused(429, "Public rate limit exceeded", ("Retry-After", "600"))
        );
        var begun = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);

        var waiting = await EventuallyAsync(
            async () => (await User.GetAsync(begun.Location!)).ShouldBe(200).Json,
            run => run["error"] is not null
        );

        Assert.That(
            (waiting["status"]!.ToString(), waiting["error"]!["code"]!.ToString()),
            Is.EqualTo(("running", "rate_limited"))
        );
    }
}
