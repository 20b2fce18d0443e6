using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

internal sealed class ReviseTradeTests : TradingTest
{
    [Test]
    public async Task An_amendment_counts_as_if_it_had_always_been_so()
    {
        var first = await RecordedAsync(Trade("buy", "1", 1));
        await RecordedAsync(Trade("buy", "1", 2, ("price", "300")));

        (await User.PatchAsync($"/trades/{first}", new { quantity = "3" })).ShouldBe(200);

        Assert.That(await PositionAsync(), Is.EqualTo("4/0/150"));
    }

    [Test]
    public async Task Of_price_and_total_the_one_left_alone_follows()
    {
        var id = await RecordedAsync(Trade("buy", "3", 1, ("price", null), ("totalValue", "100")));

        var noted = (await User.PatchAsync($"/trades/{id}", new { notes = "n" })).ShouldBe(200);
        var more = (await User.PatchAsync($"/trades/{id}", new { quantity = "6" })).ShouldBe(200);
        var dearer = (await User.PatchAsync($"/trades/{id}", new { totalValue = "300" })).ShouldBe(200);

        Assert.That((noted["totalValue"], noted["price"]), Is.EqualTo(("100", "33.333333333333333333")));
        Assert.That(more["totalValue"], Is.EqualTo("199.999999999999999998"));
        Assert.That((dearer["price"], dearer["totalValue"]), Is.EqualTo(("50", "300")));
    }

    [Test]
    public async Task A_trade_can_move_to_another_coin()
    {
        var id = await RecordedAsync(Trade("buy", "1", 1));

        (await User.PatchAsync($"/trades/{id}", new { coinId = "ethereum" })).ShouldBe(200);

        Assert.That((await PositionAsync(), await PositionAsync("ethereum")), Is.EqualTo(((string?)null, "1/0/100")));
    }

    [Test]
    public async Task What_a_later_sale_needs_is_neither_amended_nor_deleted_away()
    {
        var buy = await RecordedAsync(Trade("buy", "2", 1));
        await RecordedAsync(Trade("sell", "1.5", 5));

        (await User.PatchAsync($"/trades/{buy}", new { quantity = "1.4" })).ShouldRefuse(409, "insufficient_quantity");
        (await User.PatchAsync($"/trades/{buy}", new { timestamp = At(6) })).ShouldRefuse(409, "insufficient_quantity");
        (await User.PatchAsync($"/trades/{buy}", new { type = "sell" })).ShouldRefuse(409, "insufficient_quantity");
        (await User.PatchAsync($"/trades/{buy}", new { coinId = "ethereum" })).ShouldRefuse(
            409,
            "insufficient_quantity"
        );
        (await User.DeleteAsync($"/trades/{buy}")).ShouldRefuse(409, "insufficient_quantity");

        Assert.That(
            (await PositionAsync(), (await User.GetAsync($"/trades/{buy}"))["quantity"]),
            Is.EqualTo(("0.5/0/100", "2"))
        );
        Assert.That((await User.GetAsync($"/trades/{buy}/history")).Items, Has.Count.EqualTo(1));
    }

    [TestCase("{}")]
    [TestCase("""{"quantity":"1.0","price":"100"}""")]
    [TestCase("""{"tags":["a","b"],"notes":null}""")]
    public async Task What_changes_nothing_is_no_version(string patch)
    {
        var id = await RecordedAsync(Trade("buy", "1", 1, ("tags", new JsonArray("a", "b"))));
        var before = (await User.GetAsync($"/trades/{id}")).ShouldBe(200);

        var after = (await User.PatchAsync($"/trades/{id}", JsonNode.Parse(patch)!)).ShouldBe(200);

        Assert.That(after.Text, Is.EqualTo(before.Text));
        Assert.That(after.ETag, Is.EqualTo(before.ETag));
        Assert.That((await User.GetAsync($"/trades/{id}/history")).Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Every_version_is_kept_also_after_the_trade_is_gone()
    {
        var recorded = (await RecordAsync(Trade("buy", "1", 1, ("tags", new JsonArray("a"))))).ShouldBe(201);
        var id = recorded["id"];
        var amended = (await User.PatchAsync($"/trades/{id}", new { notes = "why", tags = (object?)null })).ShouldBe(
            200
        );
        (await User.DeleteAsync($"/trades/{id}")).ShouldBe(204);
        (await User.GetAsync($"/trades/{id}")).ShouldBe(404);

        var history = (await User.GetAsync($"/trades/{id}/history")).ShouldBe(200).Items;

        Assert.That(
            history.Select(v => $"{v!["version"]} {v["change"]}"),
            Is.EqualTo(new[] { "1 created", "2 amended", "3 deleted" })
        );
        Assert.That(
            history.Select(v => v!["before"]?.ToJsonString()),
            Is.EqualTo(new[] { null, recorded.Text, amended.Text })
        );
        Assert.That(
            history.Select(v => v!["after"]?.ToJsonString()),
            Is.EqualTo(new[] { recorded.Text, amended.Text, null })
        );
        Assert.That(await PositionAsync(), Is.Null);
    }

    [Test]
    public async Task History_comes_in_pages()
    {
        var id = await RecordedAsync(Trade("buy", "1", 1));
        await User.PatchAsync($"/trades/{id}", new { notes = "2" });
        await User.PatchAsync($"/trades/{id}", new { notes = "3" });

        var first = (await User.GetAsync($"/trades/{id}/history?limit=2")).ShouldBe(200);
        var rest = (await User.GetAsync($"/trades/{id}/history?limit=2&cursor={first["nextCursor"]}")).ShouldBe(200);

        Assert.That((first.Items.Count, rest.Items.Count, rest["nextCursor"]), Is.EqualTo((2, 1, (string?)null)));
    }

    [Test]
    public async Task If_Match_holds_the_version_that_was_read()
    {
        var recorded = (await RecordAsync(Trade("buy", "1", 1))).ShouldBe(201);
        var path = $"/trades/{recorded["id"]}";
        (await User.PatchAsync(path, new { notes = "mine" }, ("If-Match", recorded.ETag!))).ShouldBe(200);

        (await User.PatchAsync(path, new { notes = "late" }, ("If-Match", recorded.ETag!))).ShouldRefuse(
            412,
            "precondition_failed"
        );
        (await User.DeleteAsync(path, null, ("If-Match", recorded.ETag!))).ShouldRefuse(412, "precondition_failed");

        Assert.That((await User.GetAsync(path))["notes"], Is.EqualTo("mine"));
    }

    [TestCase("""{"quantity":null}""", "quantity")]
    [TestCase("""{"price":null}""", "price")]
    [TestCase("""{"coinId":null}""", "coinId")]
    [TestCase("""{"type":null}""", "type")]
    [TestCase("""{"timestamp":null}""", "timestamp")]
    [TestCase("""{"portfolioId":"019b0000-0000-7000-8000-000000000000"}""", "portfolioId")]
    [TestCase("""{"id":"019b0000-0000-7000-8000-000000000000"}""", "id")]
    [TestCase("""{"importId":null}""", "importId")]
    [TestCase("""{"quantity":"0"}""", "quantity")]
    [TestCase("""{"coinId":7}""", "coinId")]
    [TestCase("""{"timestamp":"2999-01-01T00:00:00Z"}""", "timestamp")]
    [TestCase("""{"price":"1","totalValue":"7"}""", "totalValue")]
    [TestCase("[]", "body")]
    public async Task A_wrong_patch_names_the_field_and_changes_nothing(string patch, string field)
    {
        var recorded = (await RecordAsync(Trade("buy", "1", 1))).ShouldBe(201);

        (await User.PatchAsync($"/trades/{recorded["id"]}", patch)).ShouldNameField(field);

        Assert.That((await User.GetAsync($"/trades/{recorded["id"]}")).Text, Is.EqualTo(recorded.Text));
    }

    [Test]
    public async Task Anothers_trade_is_not_there()
    {
        var id = await RecordedAsync(Trade("buy", "1", 1));
        var other = await SignUpAsync();

        (await other.GetAsync($"/trades/{id}")).ShouldBe(404);
        (await other.GetAsync($"/trades/{id}/history")).ShouldBe(404);
        (await other.PatchAsync($"/trades/{id}", new { notes = "x" })).ShouldBe(404);
        (await other.DeleteAsync($"/trades/{id}")).ShouldBe(404);
        Assert.That((await other.GetAsync("/trades")).Items, Is.Empty);
    }
}
