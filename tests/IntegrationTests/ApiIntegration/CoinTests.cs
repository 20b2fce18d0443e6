namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class CoinTests : MarketTest
{
    [Test]
    public async Task The_catalogue_is_listed_page_by_page()
    {
        var first = (await Admin.GetAsync("/market/coins?limit=3")).ShouldBe(200);
        var second = (await Admin.GetAsync($"/market/coins?limit=3&cursor={first["nextCursor"]}")).ShouldBe(200);

        var ids = first.Items.Concat(second.Items).Select(coin => coin!["coinId"]!.ToString()).ToList();
        Assert.That(ids, Has.Count.EqualTo(6).And.Unique.And.Ordered.Using<string>(StringComparer.Ordinal));
    }

    [Test]
    public async Task A_coin_is_found_by_its_symbol()
    {
        var coin = (await Admin.GetAsync("/market/coins?symbol=BTC")).ShouldBe(200).Items.Single()!;

        Assert.That((coin["coinId"]!.ToString(), coin["name"]!.ToString()), Is.EqualTo(("bitcoin", "Bitcoin")));
    }

    [Test]
    public async Task A_coin_is_defined_and_defined_anew()
    {
        var first = (await Admin.PutAsync("/admin/market/coins/frog", new { symbol = "FROG", name = "Frog" })).ShouldBe(
            201
        );
        Assert.That(first.Location, Is.EqualTo("/api/v1/admin/market/coins/frog"));
        var second = (
            await Admin.PutAsync(
                "/admin/market/coins/frog",
                new { symbol = "FROG", name = "The Frog" },
                ("If-Match", first.ETag!)
            )
        ).ShouldBe(200);
        (
            await Admin.PutAsync(
                "/admin/market/coins/frog",
                new { symbol = "FROG", name = "Frog" },
                ("If-Match", first.ETag!)
            )
        ).ShouldBe(412);

        Assert.That((second["symbol"], second["name"]), Is.EqualTo(("FROG", "The Frog")));
    }

    [TestCase("pepe", """{"symbol":"pepe","name":"Pepe"}""", "symbol")]
    [TestCase("pepe", """{"symbol":"PEPE"}""", "name")]
    [TestCase("pepe", """{"symbol":"PEPE","name":"Pepe","rank":1}""", "rank")]
    [TestCase("Pepe", """{"symbol":"PEPE","name":"Pepe"}""", "coinId")]
    public async Task A_bad_coin_is_refused_by_name(string coinId, string body, string field) =>
        (await Admin.PutAsync($"/admin/market/coins/{coinId}", body)).ShouldNameField(field);

    [Test]
    public async Task Only_administrators_define_coins() =>
        (
            await (await SignUpAsync()).PutAsync("/admin/market/coins/pepe", new { symbol = "PEPE", name = "Pepe" })
        ).ShouldBe(403);
}
