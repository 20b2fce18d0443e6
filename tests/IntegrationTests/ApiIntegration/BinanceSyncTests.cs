using Dapper;
using Npgsql;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class BinanceSyncTests : AccountTest<PlayedBinance>
{
    [Test]
    public async Task A_key_is_checked_and_one_that_may_withdraw_refused()
    {
        var added = (await TryToAddKeyAsync()).ShouldBe(201);
        Assert.That(added["permissionsChecked"], Is.EqualTo("true"));

        Exchange.KeyMayWithdraw = true;
        (await TryToAddKeyAsync()).ShouldRefuse(400, "withdraw_permission").ShouldNameField("apiKey");
    }

    [Test]
    public async Task A_fill_for_a_coin_with_its_fee_in_a_coin_is_booked_on_both_sides()
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());

        var run = await SyncAsync(key, portfolio);

        Assert.That(run["result"]!["imported"]!.GetValue<int>(), Is.EqualTo(2), run.ToJsonString());
        Assert.That(
            await HeldAsync(portfolio),
            Is.EqualTo(new[] { "binancecoin 1.9 short 0", "bitcoin 0 short 48.000012" }),
            "12 BNB for 48.000012 BTC, of which 10.1 BNB went for the fee"
        );
    }

    [Test]
    public async Task A_fee_in_a_third_coin_leaves_that_coin()
    {
        Exchange.Fills.Clear();
        Exchange.Fills.Add(PlayedBinance.Fill(7, quantity: "0.5", fee: "0.02", feeCoin: "BNB"));
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());

        var run = await SyncAsync(key, portfolio);

        Assert.That(run["result"]!["imported"]!.GetValue<int>(), Is.EqualTo(2), run.ToJsonString());
        Assert.That(
            await HeldAsync(portfolio),
            Is.EqualTo(new[] { "binancecoin 0 short 0.02", "bitcoin 0.5 short 0", "tether 0 short 15000" })
        );
    }

    [Test]
    public async Task Pages_of_several_markets_come_once_and_the_next_sync_asks_for_what_came_after()
    {
        Exchange.Fills.AddRange(Enumerable.Range(1, 2100).Select(id => PlayedBinance.Fill(id)));
        Exchange.Fills.AddRange(Enumerable.Range(1, 3).Select(id => PlayedBinance.Fill(id, "ETHBTC", feeCoin: "ETH")));
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());

        var first = await SyncAsync(key, portfolio);
        Exchange.Fills.Add(PlayedBinance.Fill(2101));
        var asked = Exchange.PagesAsked;
        var second = await SyncAsync(key, portfolio);

        Assert.That(first["status"]!.ToString(), Is.EqualTo("succeeded"), first.ToJsonString());
        Assert.That(
            first["result"]!["imported"]!.GetValue<int>(),
            Is.EqualTo(2 * 2104),
            "each is a purchase and a sale"
        );
        Assert.That(
            (second["result"]!["imported"]!.GetValue<int>(), second["result"]!["duplicates"]!.GetValue<int>()),
            Is.EqualTo((2, 0))
        );
        Assert.That(Exchange.PagesAsked - asked, Is.EqualTo(3), "one of each market");
    }

    [TestCase(-2015, 400, "invalid_key", "binance does not accept the key, its secret, or this server's address.")]
    [TestCase(-1002, 401, "missing_permission", "binance does not allow the key to do that.")]
    [TestCase(-1121, 400, "refused", "binance refuses the call (code -1121).")]
    public async Task What_it_refuses_is_said_in_plain_words(int code, int status, string told, string message)
    {
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        Exchange.Refusal = PlayedBinance.Refused(code, status);

        var run = await SyncAsync(key, portfolio);

        Assert.That(
            (run["status"]!.ToString(), run["error"]!["code"]!.ToString(), run["error"]!["message"]!.ToString()),
            Is.EqualTo(("failed", told, message))
        );
    }

    [TestCase(429)]
    [TestCase(418)]
    public async Task Who_is_told_to_wait_waits_and_goes_on_where_it_was(int status)
    {
        Exchange.Fills.AddRange(Enumerable.Range(1, 2100).Select(id => PlayedBinance.Fill(id)));
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        Exchange.PageRefusal = PlayedBinance.Refused(-1003, status, ("Retry-After", "1800"));
        Exchange.HoldsAfter = 2;

        var begun = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        var waiting = await EventuallyAsync(
            async () => (await User.GetAsync(begun.Location!)).ShouldBe(200).Json,
            run => run["error"] is not null
        );
        var calls = Exchange.Requests.Count();
        // Neither a key's test nor a price is asked for meanwhile.
        var test = (await User.PostAsync($"{key}/test")).ShouldBe(200);

        Assert.That(
            (waiting["status"]!.ToString(), waiting["error"]!["code"]!.ToString()),
            Is.EqualTo(("running", "rate_limited"))
        );
        Assert.That((test["ok"], test["code"]), Is.EqualTo(("false", "rate_limited")));
        Assert.That(Exchange.Requests.Count(), Is.EqualTo(calls), "nobody calls before the time that it has named");

        // The time has come.
        (Exchange.PageRefusal, Exchange.HoldsAfter) = (null, int.MaxValue);
        await using (var database = new NpgsqlConnection(TestRun.Server.SuperuserConnectionString))
        {
            await database.ExecuteAsync("update api_integration.rate_limit_buckets set blocked_until = null");
        }

        var run = await SyncAsync(key, portfolio);
        Assert.That(run["id"]!.ToString(), Is.EqualTo(waiting["id"]!.ToString()), "the same sync goes on");
        Assert.That(run["status"]!.ToString(), Is.EqualTo("succeeded"), run.ToJsonString());
        Assert.That(
            (run["result"]!["imported"]!.GetValue<int>(), run["result"]!["duplicates"]!.GetValue<int>()),
            Is.EqualTo((2 * 2101, 0))
        );
    }

    [Test]
    public async Task Who_gives_the_same_page_again_and_again_is_not_asked_for_ever()
    {
        // Its ids are below those that were asked for.
        Exchange.Fills.Clear();
        Exchange.Fills.AddRange(Enumerable.Range(1, 1000).Select(id => PlayedBinance.Fill(id)));
        var (key, portfolio) = (await AddKeyAsync(), await AddPortfolioAsync());
        Exchange.IgnoresPosition = true;

        var begun = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        var run = await EventuallyAsync(
            async () => (await User.GetAsync(begun.Location!)).ShouldBe(200).Json,
            answer => answer["error"] is not null,
            TimeSpan.FromSeconds(30)
        );

        Assert.That(run["error"]!["code"]!.ToString(), Is.EqualTo("changed_format"));
        Assert.That(Exchange.PagesAsked, Is.LessThan(10));
    }

    private async Task<IEnumerable<string>> HeldAsync(string portfolio) =>
        (await User.GetAsync($"/portfolios/{portfolio}/assets"))
            .ShouldBe(200)
            .Items.Select(asset => $"{asset!["coinId"]} {asset["quantity"]} short {asset["shortfall"]}")
            .Order(StringComparer.Ordinal);
}
