using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>What is neither bought nor sold, and fees in other coins.</summary>
internal sealed class WholeLedgerTests : TradingTest
{
    private static readonly (string, JsonNode?) NoPrice = ("price", null);

    [Test]
    public async Task Deposits_and_income_bring_and_withdrawals_take()
    {
        await RecordedAsync(Trade("deposit", "2", 1, ("acquiredAt", "2020-02-29T00:00:00Z")));
        await RecordedAsync(Trade("income", "1", 2, ("price", "400")));
        await RecordedAsync(Trade("withdrawal", "0.5", 3));

        Assert.That(await PositionAsync(), Is.EqualTo("2.5/0/200"));
    }

    [Test]
    public async Task A_deposit_of_unknown_cost_counts_and_stays_out_of_the_average()
    {
        await RecordedAsync(Trade("buy", "1", 1));
        var deposit = (await RecordAsync(Trade("deposit", "3", 2, NoPrice))).ShouldBe(201);

        Assert.That((deposit["price"], deposit["totalValue"]), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That((await User.GetAsync(deposit.Location!)).Text, Is.EqualTo(deposit.Text));
        Assert.That(await PositionAsync(), Is.EqualTo("4/0/100"));
        var asset = (await User.GetAsync($"/portfolios/{Portfolio}/assets/bitcoin")).ShouldBe(200);
        Assert.That(asset["isCostComplete"], Is.EqualTo("false"));
    }

    [Test]
    public async Task Income_without_a_price_is_worth_the_markets_then()
    {
        await PriceAsync("bitcoin", "60000");

        var income = (await RecordAsync(Trade("income", "0.5", 0, NoPrice, ("timestamp", null)))).ShouldBe(201);
        var unknown = (await RecordAsync(Trade("income", "1", 1, NoPrice))).ShouldBe(201);

        Assert.That((income["price"], income["totalValue"]), Is.EqualTo(("60000", "30000")));
        Assert.That(unknown["price"], Is.Null);
        Assert.That(await PositionAsync(), Is.EqualTo("1.5/0/60000"));
    }

    [Test]
    public async Task Nothing_is_withdrawn_that_is_not_held()
    {
        await RecordedAsync(Trade("deposit", "1", 1));

        (await RecordAsync(Trade("withdrawal", "1", 2, ("fee", "0.1"), ("feeCurrency", "BTC")))).ShouldRefuse(
            409,
            "insufficient_quantity"
        );
    }

    [Test]
    public async Task A_fee_in_a_third_coin_takes_of_it_only_where_it_is_deducted()
    {
        await RecordedAsync(Trade("buy", "5", 1, ("coinId", "binancecoin"), ("price", "300")));
        await RecordedAsync(Trade("buy", "1", 2, ("fee", "0.1"), ("feeCurrency", "BNB")));
        Assert.That(await PositionAsync("binancecoin"), Is.EqualTo("5/0/300"));

        var id = await RecordedAsync(
            Trade("sell", "0.5", 3, ("fee", "0.1"), ("feeCurrency", "BNB"), ("deductFees", true))
        );
        Assert.That(await PositionAsync("binancecoin"), Is.EqualTo("4.9/0/300"));

        (await User.PatchAsync($"/trades/{id}", new { fee = "2" })).ShouldBe(200);
        Assert.That(await PositionAsync("binancecoin"), Is.EqualTo("3/0/300"));
        (await User.PatchAsync($"/trades/{id}", new { fee = "6" })).ShouldRefuse(409, "insufficient_quantity");
        (await User.PatchAsync($"/trades/{id}", new { feeCurrency = "USD" })).ShouldBe(200);
        Assert.That(await PositionAsync("binancecoin"), Is.EqualTo("5/0/300"));
        (await User.PatchAsync($"/trades/{id}", new { feeCurrency = "binancecoin" })).ShouldBe(200);
        (await User.DeleteAsync($"/trades/{id}")).ShouldBe(204);
        Assert.That((await PositionAsync("binancecoin"), await PositionAsync()), Is.EqualTo(("5/0/300", "1/0/100")));
    }

    [TestCase("buy", "acquiredAt", "\"2025-01-01T00:00:00Z\"")]
    [TestCase("deposit", "acquiredAt", "\"2026-01-01T00:00:01Z\"")]
    [TestCase("deposit", "price", "-1")]
    [TestCase("sell", "price", "null")]
    [TestCase("buy", "feeCurrency", "\"NOSUCHCOIN\"")]
    [TestCase("income", "totalValue", "\"7\"")]
    public async Task What_does_not_fit_the_type_is_named(string type, string field, string value)
    {
        var trade = Trade(type, "1", 0, ("fee", "1"), ("deductFees", true), (field, JsonNode.Parse(value)));

        (await RecordAsync(trade)).ShouldNameField(field);
    }
}
