using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Portfolios;

/// <summary>Opening balances, and what is held.</summary>
internal sealed class AssetTests : PortfolioTest
{
    [Test]
    public async Task An_opening_balance_is_what_is_held_at_first()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        var put = (
            await SetOpeningAsync(user, portfolio, "bitcoin", "0.5", 30000, "2020-02-29T10:00:00+02:00")
        ).ShouldBe(201);

        var read = await user.GetAsync(put.Location!);
        Assert.That((read.Text, read.ETag), Is.EqualTo((put.Text, put.ETag)));
        Assert.That((read["quantity"], read["avgBuyPrice"], read["shortfall"]), Is.EqualTo(("0.5", "30000", "0")));
        Assert.That((read["openingQuantity"], read["openingAvgBuyPrice"]), Is.EqualTo(("0.5", "30000")));
        Assert.That(read["acquiredAt"], Is.EqualTo("2020-02-29T08:00:00Z"));
    }

    [Test]
    public async Task Putting_back_what_was_read_changes_nothing()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        var put = (
            await SetOpeningAsync(user, portfolio, "bitcoin", "1.00", "100.10", "2020-01-01T00:00:00Z")
        ).ShouldBe(201);
        var before = await ReadAsync(user, portfolio);

        var again = await SetOpeningAsync(
            user,
            portfolio,
            "bitcoin",
            put["openingQuantity"]!,
            put["openingAvgBuyPrice"]!,
            put["acquiredAt"]
        );

        Assert.That((again.ShouldBe(200).Text, again.ETag), Is.EqualTo((put.Text, put.ETag)));
        Assert.That((await ReadAsync(user, portfolio)).ETag, Is.EqualTo(before.ETag));
    }

    [Test]
    public async Task Changing_one_gives_it_and_its_portfolio_a_new_version()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        var put = await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100);
        var before = await ReadAsync(user, portfolio);

        var changed = (await SetOpeningAsync(user, portfolio, "bitcoin", 2, 100)).ShouldBe(200);

        Assert.That(before.ETag, Is.Not.EqualTo(portfolio.ETag));
        Assert.That(changed["quantity"], Is.EqualTo("2"));
        Assert.That(changed.ETag, Is.Not.EqualTo(put.ETag));
        Assert.That((await ReadAsync(user, portfolio)).ETag, Is.Not.EqualTo(before.ETag));
    }

    [Test]
    public async Task If_Match_guards_against_a_lost_update()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        var path = $"{portfolio.Location}/assets/bitcoin";
        var put = await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100);
        await SetOpeningAsync(user, portfolio, "bitcoin", 2, 100);

        (await user.PutAsync(path, new { quantity = 3, avgBuyPrice = 1 }, ("If-Match", put.ETag!))).ShouldBe(412);
        (await user.DeleteAsync(path, null, ("If-Match", put.ETag!))).ShouldBe(412);
        (
            await user.PutAsync(
                $"{portfolio.Location}/assets/ether",
                new { quantity = 3, avgBuyPrice = 1 },
                ("If-Match", put.ETag!)
            )
        ).ShouldBe(412);

        Assert.That((await user.GetAsync(path))["quantity"], Is.EqualTo("2"));
    }

    [Test]
    public async Task Deleting_one_leaves_nothing_held()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        var put = await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100);

        (await user.DeleteAsync(put.Location!)).ShouldBe(204);

        (await user.DeleteAsync(put.Location!)).ShouldBe(404);
        Assert.That((await user.GetAsync($"{portfolio.Location}/assets")).Items, Is.Empty);
    }

    [Test]
    public async Task Assets_come_in_pages_by_coin()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        foreach (var coin in new[] { "tezos", "bitcoin", "monero" })
        {
            (await SetOpeningAsync(user, portfolio, coin, 1, 0)).ShouldBe(201);
        }

        var first = await user.GetAsync($"{portfolio.Location}/assets?limit=2");
        var second = await user.GetAsync($"{portfolio.Location}/assets?limit=2&cursor={first["nextCursor"]}");

        Assert.That(
            first.Items.Concat(second.Items).Select(asset => asset!["coinId"]!.ToString()),
            Is.EqualTo(new[] { "bitcoin", "monero", "tezos" })
        );
        Assert.That(second["nextCursor"], Is.Null);
    }

    [TestCase("bitcoin", """{"avgBuyPrice":1}""", "quantity")]
    [TestCase("bitcoin", """{"quantity":0,"avgBuyPrice":1}""", "quantity")]
    [TestCase("bitcoin", """{"quantity":-1,"avgBuyPrice":1}""", "quantity")]
    [TestCase("bitcoin", """{"quantity":"NaN","avgBuyPrice":1}""", "quantity")]
    [TestCase("bitcoin", """{"quantity":"0.0000000000000000001","avgBuyPrice":1}""", "quantity")]
    [TestCase("bitcoin", """{"quantity":"12345678901234567890123456789","avgBuyPrice":1}""", "quantity")]
    [TestCase("bitcoin", """{"quantity":1}""", "avgBuyPrice")]
    [TestCase("bitcoin", """{"quantity":1,"avgBuyPrice":-1}""", "avgBuyPrice")]
    [TestCase("bitcoin", """{"quantity":1,"avgBuyPrice":true}""", "avgBuyPrice")]
    [TestCase("bitcoin", """{"quantity":1,"avgBuyPrice":1,"acquiredAt":"9999-01-01T00:00:00Z"}""", "acquiredAt")]
    [TestCase("bitcoin", """{"quantity":1,"avgBuyPrice":1,"acquiredAt":"2020-01-01"}""", "acquiredAt")]
    [TestCase("bitcoin", """{"quantity":1,"avgBuyPrice":1,"coinId":"bitcoin"}""", "coinId")]
    [TestCase("Bitcoin", """{"quantity":1,"avgBuyPrice":1}""", "coinId")]
    public async Task What_is_wrong_is_named_and_nothing_is_stored(string coinId, string body, string field)
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        (await user.PutAsync($"{portfolio.Location}/assets/{coinId}", body)).ShouldNameField(field);

        Assert.That((await user.GetAsync($"{portfolio.Location}/assets")).Items, Is.Empty);
        Assert.That((await ReadAsync(user, portfolio)).ETag, Is.EqualTo(portfolio.ETag));
    }

    [Test]
    public async Task The_largest_and_the_smallest_amounts_come_back_as_they_went_in()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        var put = await SetOpeningAsync(
            user,
            portfolio,
            "dust",
            "0.000000000000000001",
            "9999999999999999999999999999"
        );

        Assert.That(put.ShouldBe(201)["openingQuantity"], Is.EqualTo("0.000000000000000001"));
        Assert.That(put["openingAvgBuyPrice"], Is.EqualTo("9999999999999999999999999999"));
        (await user.GetAsync($"{portfolio.Location}/valuation")).ShouldBe(200);
    }

    [Test]
    public async Task Written_at_the_same_moment_the_last_one_stands_whole()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        var answers = await Task.WhenAll(
            Enumerable.Range(1, 10).Select(i => SetOpeningAsync(user, portfolio, "bitcoin", i, i))
        );

        var asset = await user.GetAsync($"{portfolio.Location}/assets/bitcoin");
        Assert.That(answers.Count(answer => (int)answer.Status == 201), Is.EqualTo(1));
        Assert.That(answers.Count(answer => (int)answer.Status == 200), Is.EqualTo(9));
        Assert.That(asset["quantity"], Is.EqualTo(asset["openingQuantity"]).And.EqualTo(asset["avgBuyPrice"]));
    }
}
