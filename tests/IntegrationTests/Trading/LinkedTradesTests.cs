using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>Swaps and transfers: two trades that a link id ties.</summary>
internal sealed class LinkedTradesTests : TradingTest
{
    private static readonly (string, JsonNode?) NoPrice = ("price", null);

    private static (string, JsonNode?) Ether => ("coinId", "ethereum");

    private static (string, JsonNode?) Link => ("linkId", "one");

    private Task<ApiResponse> BatchAsync(params JsonObject[] trades) => User.PostAsync("/trades/batch", new { trades });

    [SetUp]
    public Task HoldABitcoin() => RecordedAsync(Trade("buy", "1", 0));

    [Test]
    public async Task A_leg_of_a_swap_without_a_price_is_worth_what_the_other_is()
    {
        var swap = (
            await BatchAsync(
                Trade("buy", "3", 1, Ether, NoPrice, Link),
                Trade("sell", "1", 1, ("price", null), ("totalValue", "100"), Link)
            )
        ).ShouldBe(201);

        Assert.That(
            (swap.Items[0]!["totalValue"]!.ToString(), swap.Items[0]!["price"]!.ToString()),
            Is.EqualTo(("100", "33.333333333333333333"))
        );
        Assert.That(
            (await PositionAsync(), await PositionAsync("ethereum")),
            Is.EqualTo(((string?)null, "3/0/33.333333333333333333"))
        );
    }

    [Test]
    public async Task The_second_leg_may_come_later()
    {
        await RecordedAsync(Trade("sell", "1", 1, Link));

        var bought = (await RecordAsync(Trade("buy", "4", 1, Ether, NoPrice, Link))).ShouldBe(201);

        Assert.That((bought["price"], bought["totalValue"]), Is.EqualTo(("25", "100")));
    }

    [Test]
    public async Task Where_one_leg_is_amended_the_one_that_is_worth_as_much_follows()
    {
        var sold = await RecordedAsync(Trade("sell", "1", 1, Link));
        var bought = await RecordedAsync(Trade("buy", "4", 1, Ether, NoPrice, Link));

        (await User.PatchAsync($"/trades/{sold}", new { price = "300" })).ShouldBe(200);

        var follower = (await User.GetAsync($"/trades/{bought}")).ShouldBe(200);
        Assert.That((follower["price"], follower["totalValue"]), Is.EqualTo(("75", "300")));
        Assert.That(await PositionAsync("ethereum"), Is.EqualTo("4/0/75"));
        Assert.That((await User.GetAsync($"/trades/{bought}/history")).Items, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_swap_without_prices_is_worth_what_the_sold_coin_was_else_the_bought_one()
    {
        var at = TimeProvider.System.GetUtcNow().ToString("O");
        await PriceAsync("ethereum", "30");
        JsonObject[] swap =
        [
            Trade("sell", "0.5", 0, NoPrice, Link, ("timestamp", at)),
            Trade("buy", "2", 0, Ether, NoPrice, Link, ("timestamp", at)),
        ];
        var first = (await BatchAsync(swap)).ShouldBe(201);
        await PriceAsync("bitcoin", "200");
        var second = (await BatchAsync([.. swap.Select(leg => Changed(leg, "linkId", "two"))])).ShouldBe(201);

        Assert.That(first.Items.Select(leg => leg!["totalValue"]!.ToString()), Is.All.EqualTo("60"));
        Assert.That(second.Items.Select(leg => leg!["totalValue"]!.ToString()), Is.All.EqualTo("100"));
    }

    [Test]
    public async Task Without_a_rate_one_leg_needs_a_price()
    {
        (
            await BatchAsync(Trade("sell", "1", 1, NoPrice, Link), Trade("buy", "1", 1, Ether, NoPrice, Link))
        ).ShouldNameField("trades[0].price");
        (await RecordAsync(Trade("sell", "1", 1, NoPrice, Link))).ShouldNameField("price");
    }

    [Test]
    public async Task A_transfer_takes_here_and_brings_there()
    {
        var wallet = await OpenPortfolioAsync(User);

        (
            await BatchAsync(
                Trade("withdrawal", "0.5", 1, NoPrice, Link, ("fee", "0.01"), ("feeCurrency", "BTC")),
                Trade("deposit", "0.5", 2, NoPrice, Link, ("portfolioId", wallet))
            )
        ).ShouldBe(201);

        Assert.That(await PositionAsync(), Is.EqualTo("0.49/0/100"));
        Assert.That(await PositionAsync(portfolio: wallet), Is.EqualTo("0.5/0/100"));
    }

    [Test]
    public async Task A_transfer_within_a_portfolio_leaves_its_average()
    {
        await RecordedAsync(Trade("withdrawal", "1", 1, NoPrice, Link));
        await RecordedAsync(Trade("deposit", "0.99", 1, NoPrice, Link));

        Assert.That(await PositionAsync(), Is.EqualTo("0.99/0/100"));
    }

    [Test]
    public async Task What_was_transferred_costs_what_the_source_says_however_late_it_says_so()
    {
        var wallet = await OpenPortfolioAsync(User);
        await RecordedAsync(Trade("deposit", "1", 3, NoPrice, Link, ("portfolioId", wallet)));
        var sent = await RecordedAsync(Trade("withdrawal", "1", 3, NoPrice, Link));
        Assert.That(await PositionAsync(portfolio: wallet), Is.EqualTo("1/0/100"));

        await RecordedAsync(Trade("buy", "1", 1, ("price", "300")));
        Assert.That(await PositionAsync(portfolio: wallet), Is.EqualTo("1/0/200"));
        (
            await User.PutAsync($"/portfolios/{Portfolio}/assets/bitcoin", new { quantity = 2, avgBuyPrice = 0 })
        ).ShouldBe(200);
        Assert.That(await PositionAsync(portfolio: wallet), Is.EqualTo("1/0/100"));
        (await User.DeleteAsync($"/trades/{sent}")).ShouldBe(204);
        Assert.That(await PositionAsync(portfolio: wallet), Is.EqualTo("1/0/0"));
    }

    [Test]
    public async Task A_link_ties_two_trades_that_belong_together_and_no_more()
    {
        await RecordedAsync(Trade("buy", "9", 0, Ether));
        await RecordedAsync(Trade("withdrawal", "0.5", 5, Link));

        (await RecordAsync(Trade("buy", "1", 5, Ether, Link))).ShouldNameField("linkId");
        (await RecordAsync(Trade("deposit", "1", 5, Ether, Link))).ShouldNameField("linkId");
        (await RecordAsync(Trade("deposit", "0.6", 5, Link))).ShouldNameField("quantity");
        (await RecordAsync(Trade("deposit", "0.5", 4, Link))).ShouldNameField("timestamp");
        (await RecordAsync(Trade("income", "0.5", 5, Link))).ShouldNameField("linkId");
        var deposit = await RecordedAsync(Trade("deposit", "0.5", 5, Link));
        (await RecordAsync(Trade("deposit", "0.1", 6, Link))).ShouldNameField("linkId");
        (await User.PatchAsync($"/trades/{deposit}", new { quantity = "0.7" })).ShouldNameField("quantity");
        (await User.PatchAsync($"/trades/{deposit}", new { notes = "there" })).ShouldBe(200);
        (
            await BatchAsync(Trade("buy", "1", 1, ("linkId", "x")), Trade("buy", "1", 1, ("linkId", "x")))
        ).ShouldNameField("trades[0].linkId");
    }

    [Test]
    public async Task A_leg_may_go_and_another_take_its_place()
    {
        var sold = await RecordedAsync(Trade("sell", "1", 1, Link));
        await RecordedAsync(Trade("buy", "4", 1, Ether, NoPrice, Link));

        (await User.DeleteAsync($"/trades/{sold}")).ShouldBe(204);
        (await RecordAsync(Trade("sell", "0.5", 1, NoPrice, Link))).ShouldBe(201);

        Assert.That((await PositionAsync(), await PositionAsync("ethereum")), Is.EqualTo(("0.5/0/100", "4/0/25")));
    }

    [Test]
    public async Task Two_second_legs_at_the_same_moment_are_one()
    {
        await RecordedAsync(Trade("sell", "1", 1, Link));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => RecordAsync(Trade("buy", "4", 1, Ether, NoPrice, Link)))
        );

        Assert.That(answers.Count(answer => (int)answer.Status == 201), Is.EqualTo(1));
        Assert.That(await PositionAsync("ethereum"), Is.EqualTo("4/0/25"));
    }

    private static JsonObject Changed(JsonObject trade, string field, JsonNode value)
    {
        var changed = trade.DeepClone().AsObject();
        changed[field] = value;
        return changed;
    }
}
