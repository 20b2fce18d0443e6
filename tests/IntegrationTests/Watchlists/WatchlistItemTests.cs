using System.Globalization;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Watchlists;

internal sealed class WatchlistItemTests : WatchlistTest
{
    [Test]
    public async Task A_coin_comes_last_and_gives_the_watchlist_a_new_version()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenWithAsync(user, "tezos", "bitcoin");

        var created = (
            await user.PostAsync($"/watchlists/{watchlist["id"]}/items", new { coinId = "monero", notes = "private" })
        ).ShouldBe(201);

        Assert.That((await user.GetAsync(created.Location!)).Text, Is.EqualTo(created.Text));
        Assert.That(created["notes"], Is.EqualTo("private"));
        Assert.That(await CoinsAsync(user, watchlist), Is.EqualTo(new[] { "tezos", "bitcoin", "monero" }));
        Assert.That((await ReadAsync(user, watchlist)).ETag, Is.Not.EqualTo(watchlist.ETag));
    }

    [Test]
    public async Task A_coin_twice_is_refused()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenWithAsync(user, "bitcoin");

        (await WatchAsync(user, watchlist, "bitcoin")).ShouldRefuse(409, "duplicate_coin");

        Assert.That(await CoinsAsync(user, watchlist), Is.EqualTo(new[] { "bitcoin" }));
    }

    [Test]
    public async Task Of_many_who_add_the_same_coin_one_succeeds()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenAsync(user);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => WatchAsync(user, watchlist, "bitcoin")));

        Assert.That(answers.Count(answer => (int)answer.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(answer => (int)answer.Status == 409), Is.EqualTo(7));
    }

    [Test]
    public async Task Of_many_who_add_other_coins_all_succeed()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenAsync(user);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => WatchAsync(user, watchlist, $"coin-{i}")));

        Assert.That(answers.Select(answer => (int)answer.Status), Is.All.EqualTo(201));
        Assert.That(
            await CoinsAsync(user, watchlist),
            Is.EquivalentTo(Enumerable.Range(0, 8).Select(i => $"coin-{i}"))
        );
    }

    [TestCase("""{}""", "coinId")]
    [TestCase("""{"coinId":"Bitcoin"}""", "coinId")]
    [TestCase("""{"coinId":"bitcoin","notes":7}""", "notes")]
    [TestCase("""{"coinId":"bitcoin","notes":"a\u0007"}""", "notes")]
    [TestCase("""{"coinId":"bitcoin","customAlerts":{}}""", "customAlerts")]
    [TestCase("""{"coinId":"bitcoin","customAlerts":[null]}""", "customAlerts[0]")]
    [TestCase(
        """{"coinId":"bitcoin","customAlerts":[{"condition":"above","price":"a lot"}]}""",
        "customAlerts[0].price"
    )]
    [TestCase(
        """{"coinId":"bitcoin","customAlerts":[{"condition":"beside","price":1}]}""",
        "customAlerts[0].condition"
    )]
    [TestCase(
        """{"coinId":"bitcoin","customAlerts":[{"condition":"above","price":1},{"condition":"above"}]}""",
        "customAlerts[1].price"
    )]
    [TestCase("""{"coinId":"bitcoin","price":1}""", "price")]
    public async Task What_is_wrong_is_named_and_nothing_is_stored(string body, string field)
    {
        var user = await SignUpAsync();
        var watchlist = await OpenAsync(user);

        (await user.PostAsync($"/watchlists/{watchlist["id"]}/items", body)).ShouldNameField(field);

        Assert.That((await ReadAsync(user, watchlist)).ETag, Is.EqualTo(watchlist.ETag));
    }

    [Test]
    public async Task Revising_changes_what_the_patch_names_but_not_the_coin()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenWithAsync(user, "bitcoin");
        var path = $"/watchlists/{watchlist["id"]}/items/bitcoin";
        var before = await user.GetAsync(path);

        var revised = (
            await user.PatchAsync(path, new { notes = "digital gold" }, ("If-Match", before.ETag!))
        ).ShouldBe(200);

        Assert.That(revised["notes"], Is.EqualTo("digital gold"));
        Assert.That((await ReadAsync(user, watchlist)).ETag, Is.Not.EqualTo(watchlist.ETag));
        (await user.PatchAsync(path, new { notes = "late" }, ("If-Match", before.ETag!))).ShouldBe(412);
        (await user.PatchAsync(path, new { coinId = "monero" })).ShouldNameField("coinId");
    }

    [Test]
    public async Task Taking_a_coin_off_leaves_the_order_of_the_others()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenWithAsync(user, "a", "b", "c");

        (await user.DeleteAsync($"/watchlists/{watchlist["id"]}/items/b")).ShouldBe(204);

        (await user.DeleteAsync($"/watchlists/{watchlist["id"]}/items/b")).ShouldBe(404);
        Assert.That(await CoinsAsync(user, watchlist), Is.EqualTo(new[] { "a", "c" }));
    }

    [Test]
    public async Task Any_permutation_is_an_order()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenWithAsync(user, "a", "b", "c", "d");
        var random = new Random(7);

        foreach (var _ in Enumerable.Range(0, 10))
        {
            var coinIds = new[] { "a", "b", "c", "d" };
            random.Shuffle(coinIds);
            (await user.PutAsync($"/watchlists/{watchlist["id"]}/order", new { coinIds })).ShouldBe(200);
            Assert.That(await CoinsAsync(user, watchlist), Is.EqualTo(coinIds));
        }
    }

    [TestCase("""{"coinIds":["a"]}""")]
    [TestCase("""{"coinIds":["a","a"]}""")]
    [TestCase("""{"coinIds":["a","b","b"]}""")]
    [TestCase("""{"coinIds":["a","b","c"]}""")]
    [TestCase("""{"coinIds":["a",null]}""")]
    [TestCase("""{"coinIds":[]}""")]
    [TestCase("""{"coinIds":null}""")]
    [TestCase("""{"coinIds":"ab"}""")]
    [TestCase("""{}""")]
    public async Task What_is_no_permutation_is_refused(string body)
    {
        var user = await SignUpAsync();
        var watchlist = await OpenWithAsync(user, "a", "b");

        (await user.PutAsync($"/watchlists/{watchlist["id"]}/order", body)).ShouldNameField("coinIds");

        Assert.That((await ReadAsync(user, watchlist)).ETag, Is.EqualTo(watchlist.ETag));
    }

    [Test]
    public async Task Prices_are_in_the_currency_that_is_asked_for()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenWithAsync(user, "bitcoin", "unheard-of");
        await PriceAsync("eur", 2, hoursAgo: 25);
        await PriceAsync("bitcoin", 100, hoursAgo: 25);
        await PriceAsync("bitcoin", 150);

        var inDollars = (await ReadAsync(user, watchlist)).ShouldBe(200);
        var inEuros = (await ReadAsync(user, watchlist, "?currency=EUR")).ShouldBe(200);

        Assert.That((inDollars["currency"], Priced(inDollars)), Is.EqualTo(("USD", "150 50%")));
        Assert.That((inEuros["currency"], Priced(inEuros)), Is.EqualTo(("EUR", "75 50%")));
        Assert.That(
            (inEuros["isComplete"], inEuros.Json["missing"]!.ToJsonString()),
            Is.EqualTo(("false", """["unheard-of"]"""))
        );
        Assert.That(inEuros.ETag, Is.EqualTo(watchlist.ETag));
        (await ReadAsync(user, watchlist, "?currency=euro")).ShouldNameField("currency");
    }

    private static string Priced(ApiResponse watchlist) =>
        $"{watchlist.Items[0]!["price"]} {watchlist.Items[0]!["change24hPercent"]}%";

    private static async Task PriceAsync(string coinId, decimal price, int hoursAgo = 0)
    {
        var asOf = TimeProvider.System.GetUtcNow().AddHours(-hoursAgo).ToString("O", CultureInfo.InvariantCulture);
        var prices = new[]
        {
            new
            {
                coinId,
                currency = "USD",
                price,
                asOf,
            },
        };
        (await (await AdminAsync()).PostAsync("/admin/market/prices", new { prices })).ShouldBe(202);
    }
}
