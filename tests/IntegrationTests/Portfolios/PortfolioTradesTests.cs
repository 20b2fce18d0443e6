using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Portfolios;

/// <summary>Where a portfolio and its trades meet.</summary>
internal sealed class PortfolioTradesTests : PortfolioTest
{
    [Test]
    public async Task One_with_trades_is_deleted_by_force_alone()
    {
        var user = await SignUpAsync();
        await OpenAsync(user, "Stays");
        var portfolio = await OpenAsync(user, body: new { name = "Goes", isDefault = true });
        await BuyAsync(user, portfolio, "bitcoin", "1", "100");

        (await user.DeleteAsync(portfolio.Location!)).ShouldRefuse(409, "has_trades");
        (await user.DeleteAsync($"{portfolio.Location}?force=true")).ShouldBe(204);

        (await ReadAsync(user, portfolio)).ShouldBe(404);
        Assert.That((await user.GetAsync("/trades")).Items, Is.Empty);
        Assert.That(await DefaultsAsync(user), Is.EqualTo(new[] { "Stays" }));
    }

    [Test]
    public async Task Trades_booked_while_it_is_deleted_are_refused_or_deleted_with_it()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        var trade = new
        {
            portfolioId = portfolio["id"],
            coinId = "bitcoin",
            type = "buy",
            quantity = 1,
            price = 100,
        };

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(i =>
                    i == 5 ? user.DeleteAsync($"{portfolio.Location}?force=true") : user.PostAsync("/trades", trade)
                )
        );

        Assert.That(answers.Select(answer => (int)answer.Status).Distinct(), Is.SubsetOf(new[] { 201, 204, 404 }));
        Assert.That(await StoredAsync<long>("select count(*) from trading.trades"), Is.Zero);
    }

    [Test]
    public async Task A_trade_gives_the_portfolio_a_new_version_and_a_new_position()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100);
        var before = await ReadAsync(user, portfolio);

        await BuyAsync(user, portfolio, "bitcoin", "3", "200");

        var asset = await user.GetAsync($"{portfolio.Location}/assets/bitcoin");
        Assert.That((asset["quantity"], asset["avgBuyPrice"], asset["openingQuantity"]), Is.EqualTo(("4", "175", "1")));
        Assert.That((await ReadAsync(user, portfolio)).ETag, Is.Not.EqualTo(before.ETag));
    }

    [Test]
    public async Task Without_its_opening_balance_an_asset_is_what_was_traded()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        var path = $"{portfolio.Location}/assets/bitcoin";
        await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100);
        await BuyAsync(user, portfolio, "bitcoin", "3", "200");

        (await user.DeleteAsync(path)).ShouldBe(204);

        var asset = await user.GetAsync(path);
        Assert.That(
            (asset["quantity"], asset["avgBuyPrice"], asset["openingQuantity"]),
            Is.EqualTo(("3", "200", (string?)null))
        );
        (await user.DeleteAsync(path)).ShouldRefuse(409, "has_trades");
        (await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100)).ShouldBe(200);
    }

    [Test]
    public async Task An_opening_balance_that_sales_live_on_stays()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        await SetOpeningAsync(user, portfolio, "bitcoin", 1, 100);
        var sale = new
        {
            portfolioId = portfolio["id"],
            coinId = "bitcoin",
            type = "sell",
            quantity = 1,
            price = 200,
        };
        (await user.PostAsync("/trades", sale)).ShouldBe(201);

        (await user.DeleteAsync($"{portfolio.Location}/assets/bitcoin")).ShouldRefuse(409, "insufficient_quantity");
        (await SetOpeningAsync(user, portfolio, "bitcoin", "0.5", 100)).ShouldRefuse(409, "insufficient_quantity");

        var asset = await user.GetAsync($"{portfolio.Location}/assets/bitcoin");
        Assert.That(
            (asset["quantity"], asset["avgBuyPrice"], asset["openingQuantity"]),
            Is.EqualTo(("0", (string?)null, "1"))
        );
    }

    [Test]
    public async Task In_another_currency_its_costs_are_what_they_were_at_the_time_of_each_trade()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);
        var prices = new[]
        {
            new
            {
                coinId = "eur",
                currency = "USD",
                price = 2,
            },
        };
        (await (await AdminAsync()).PostAsync("/admin/market/prices", new { prices })).ShouldBe(202);
        await BuyAsync(user, portfolio, "bitcoin", "1", "100");

        var valued = (await user.GetAsync($"{portfolio.Location}/valuation?currency=EUR")).ShouldBe(200);
        var revised = (await user.PatchAsync(portfolio.Location!, new { currency = "EUR" })).ShouldBe(200);

        Assert.That(Member(valued, "assets", "bitcoin")!["cost"]!.ToString(), Is.EqualTo("50"));
        Assert.That((await user.GetAsync($"{portfolio.Location}/assets/bitcoin"))["avgBuyPrice"], Is.EqualTo("50"));
        Assert.That((await ReadAsync(user, portfolio)).ETag, Is.EqualTo(revised.ETag));
    }

    [Test]
    public async Task Revisions_and_trades_at_the_same_moment_all_succeed()
    {
        var user = await SignUpAsync();
        var portfolio = await OpenAsync(user);

        var renamed = Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => user.PatchAsync(portfolio.Location!, new { name = $"N{i}" }))
        );
        var booked = Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => BuyAsync(user, portfolio, $"coin-{i % 2}", "1", "1"))
        );
        await booked;

        Assert.That((await renamed).Select(answer => (int)answer.Status), Is.All.EqualTo(200));
        var assets = (await user.GetAsync($"{portfolio.Location}/assets")).Items;
        Assert.That(assets.Select(asset => asset!["quantity"]!.ToString()), Is.EqualTo(new[] { "4", "4" }));
    }
}
