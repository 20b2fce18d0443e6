using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>What leaves can come back.</summary>
internal sealed class ExportTradesTests : TradingTest
{
    [Test]
    public async Task As_json_it_can_be_imported_too()
    {
        await HaveOneOfEachAsync();
        var copy = await OpenPortfolioAsync(User);
        var json = (await ExportAsync("&format=json")).ShouldBe(200).Text;

        var imported = (await ImportJsonAsync(json, copy)).ShouldBe(200);
        var again = (await ImportJsonAsync(json, copy)).ShouldBe(200);

        Assert.That(await PositionsAsync(copy), Is.EqualTo(await PositionsAsync(Portfolio)));
        Assert.That((await ExportAsync("&format=json", copy)).Text.Replace(copy, Portfolio), Is.EqualTo(json));
        Assert.That((again["imported"], again["duplicates"]), Is.EqualTo(("0", imported["imported"])));
    }

    [Test]
    public async Task An_item_of_json_that_is_none_is_rejected_alone()
    {
        var json =
            """{"items":[{"coinId":"bitcoin","type":"buy","quantity":"1","price":"x"},{"coinId":"bitcoin","type":"buy","quantity":"1","price":"2"}]}""";

        var imported = (await ImportJsonAsync(json, Portfolio, "&mode=lenient")).ShouldBe(200);

        Assert.That(imported["imported"], Is.EqualTo("1"));
        Assert.That(imported.Json["rejected"]![0]!.ToJsonString(), Does.Contain("price").And.Contain("\"line\":1"));
    }

    private Task<ApiResponse> ImportJsonAsync(string json, string portfolio, string options = "") =>
        User.SendRawAsync(HttpMethod.Post, $"/trades/import?portfolioId={portfolio}{options}", json);

    private Task<ApiResponse> ExportAsync(string options = "", string? portfolio = null) =>
        User.GetAsync($"/trades/export?portfolioId={portfolio ?? Portfolio}{options}");

    private async Task OpenAsync(string coin, string quantity, string price, string? acquiredAt = null) =>
        (
            await User.PutAsync(
                $"/portfolios/{Portfolio}/assets/{coin}",
                new
                {
                    quantity,
                    avgBuyPrice = price,
                    acquiredAt,
                }
            )
        ).ShouldBe(201);

    private static readonly string[] Coins = ["bitcoin", "binancecoin", "monero", "tezos"];

    private async Task<string[]> PositionsAsync(string portfolio) =>
        [.. (await Task.WhenAll(Coins.Select(coin => PositionAsync(coin, portfolio)))).Select(p => p ?? "none")];

    private async Task HaveOneOfEachAsync()
    {
        await OpenAsync("bitcoin", "1", "50");
        await OpenAsync("binancecoin", "3", "0.333333333333333333");
        await OpenAsync("monero", "2", "7", At(2));
        await OpenAsync("tezos", "4", "1");
        await RecordedAsync(Trade("buy", "2", 1, ("fee", "0.1"), ("feeCurrency", "BNB"), ("deductFees", true)));
        await RecordedAsync(Trade("sell", "2.9", 2, ("linkId", "s"), ("tags", new JsonArray("a;b", "=1+1"))));
        await RecordedAsync(
            Trade("buy", "4", 2, ("coinId", "monero"), ("price", null), ("linkId", "s"), ("notes", "-1\tx\r\n\"y\""))
        );
        await RecordedAsync(
            Trade("deposit", "1.5", 3, ("acquiredAt", "2019-01-01T00:00:00Z"), ("fee", "0.1"), ("feeCurrency", "BTC"))
        );
        await RecordedAsync(Trade("deposit", "1", 4, ("price", null), ("exchange", "@home"), ("externalId", "+7")));
        await RecordedAsync(Trade("income", "0.000000000000000001", 5, ("price", "123.456")));
        await RecordedAsync(Trade("withdrawal", "0.7", 6, ("price", null)));
    }

    [Test]
    public async Task An_export_makes_the_same_positions_in_an_empty_portfolio()
    {
        await HaveOneOfEachAsync();
        var copy = await OpenPortfolioAsync(User);

        (await ImportAsync((await ExportAsync()).ShouldBe(200).Text, portfolio: copy)).ShouldBe(200);

        Assert.That(await PositionsAsync(copy), Is.EqualTo(await PositionsAsync(Portfolio)));
        Assert.That((await ExportAsync(portfolio: copy)).Text, Is.EqualTo((await ExportAsync()).Text));
    }

    [Test]
    public async Task The_items_of_a_json_export_are_what_a_batch_takes()
    {
        await HaveOneOfEachAsync();
        var exported = (await User.GetAsync("/trades/export", ("Accept", "application/json"))).ShouldBe(200);
        var copy = await OpenPortfolioAsync(User);
        var trades = exported.Items.Select(trade => trade!.DeepClone().AsObject()).ToArray();
        foreach (var trade in trades)
        {
            trade["portfolioId"] = copy;
        }

        (await User.PostAsync("/trades/batch", new { trades })).ShouldBe(201);

        Assert.That(exported["nextCursor"], Is.Null);
        Assert.That(await PositionsAsync(copy), Is.EqualTo(await PositionsAsync(Portfolio)));
        Assert.That((await ExportAsync(portfolio: copy)).Text, Is.EqualTo((await ExportAsync()).Text));
    }

    [TestCase("", "text/csv")]
    [TestCase("&format=json", "application/json")]
    [TestCase("&format=csv", "text/csv")]
    public async Task The_form_can_be_asked_for(string options, string mediaType) =>
        Assert.That((await ExportAsync(options)).ShouldBe(200).MediaType, Is.EqualTo(mediaType));

    [Test]
    public async Task Opening_balances_are_deposits_just_before_the_first_trade_unless_dated()
    {
        await OpenAsync("bitcoin", "1", "50");
        await OpenAsync("monero", "2", "7", "2020-01-01T00:00:00Z");
        await RecordedAsync(Trade("buy", "2", 1));

        var items = (await ExportAsync("&format=json")).ShouldBe(200).Items;

        Assert.That(
            items.Select(item => $"{item!["type"]} {item["coinId"]} {item["timestamp"]} {item["acquiredAt"]}"),
            Is.EqualTo(
                new[]
                {
                    "deposit monero 2020-01-01T00:00:00Z 2020-01-01T00:00:00Z",
                    "deposit bitcoin 2026-01-01T00:00:59.999999Z ",
                    $"buy bitcoin {At(1)} ",
                }
            )
        );
        Assert.That((await ExportAsync("&format=json&exchange=Kraken")).Items, Is.Empty);
        Assert.That((await ExportAsync($"&format=json&coinId=bitcoin&to={At(1)}")).Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_text_that_looks_like_a_formula_is_none_in_a_spreadsheet()
    {
        await HaveOneOfEachAsync();

        var csv = (await ExportAsync()).ShouldBe(200).Text;

        Assert.That(csv, Does.Contain(",'@home,'+7,").And.Contain("\"'-1\tx"));
    }

    [Test]
    public async Task An_unknown_form_is_named() => (await ExportAsync("&format=xml")).ShouldNameField("format");
}
