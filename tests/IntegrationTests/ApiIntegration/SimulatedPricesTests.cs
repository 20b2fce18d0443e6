using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class SimulatedPricesTests : ProviderTest
{
    [Test]
    public async Task A_dozen_coins_move_and_what_an_administrator_said_stands()
    {
        await QuoteAsync("bitcoin", "USD", 12_345);
        await using var server = await TestRun.Server.StartAnotherAsync("--CryptoBeacon:MarketData:Simulated=true");

        var prices = await EventuallyAsync(() => Admin.GetAsync("/market/prices"), prices => prices.Items.Count == 12);
        await server.App.StopAsync();

        var bitcoin = prices.Items.Single(price => price!["coinId"]!.ToString() == "bitcoin")!;
        Assert.That((bitcoin["price"]!.ToString(), bitcoin["provider"]!.ToString()), Is.EqualTo(("12345", "admin")));
        Assert.That(prices.Items.Count(price => price!["provider"]!.ToString() == "simulated"), Is.EqualTo(11));
    }

    [Test]
    public async Task It_is_polled_like_any_other_in_its_interval_while_it_is_active()
    {
        await SendAsync(new PollPrices("simulated"));
        var first = await PriceAsync("bitcoin");
        await SendAsync(new PollPrices("simulated"));
        Assert.That((await PriceAsync("bitcoin")).ToJsonString(), Is.EqualTo(first.ToJsonString()), "not yet");

        await NextTurnAsync();
        await SendAsync(new PollPrices("simulated"));
        var second = await PriceAsync("bitcoin");
        Assert.That(second["asOf"]!.ToString(), Is.Not.EqualTo(first["asOf"]!.ToString()));

        await ExecuteAsync("update api_integration.api_providers set is_active = false where name = 'simulated'");
        await NextTurnAsync();
        await SendAsync(new PollPrices("simulated"));
        Assert.That((await PriceAsync("bitcoin")).ToJsonString(), Is.EqualTo(second.ToJsonString()));
        Assert.That(
            await StoredAsync<long>(
                "select count(*) from api_usage u join api_providers p on p.id = u.provider_id where p.name = 'simulated'"
            ),
            Is.Zero,
            "it costs no call"
        );
    }

    [Test]
    public async Task It_gives_way_to_a_real_provider_however_far_away_that_is()
    {
        await SendAsync(new PollPrices("simulated"));
        await WatchAsync(Admin, "bitcoin");
        var kraken = await HostAsync("kraken");
        Answer(kraken, "/0/public/AssetPairs", """{"error":[],"result":{"XXBTZUSD":{"base":"XXBT","quote":"ZUSD"}}}""");
        Answer(kraken, "/0/public/Ticker", """{"error":[],"result":{"XXBTZUSD":{"c":["500000","1"]}}}""");

        await SendAsync(new PollPrices("kraken"));
        await NextTurnAsync();
        await SendAsync(new PollPrices("simulated"));

        var bitcoin = await PriceAsync("bitcoin");
        Assert.That((bitcoin["price"]!.ToString(), bitcoin["provider"]!.ToString()), Is.EqualTo(("500000", "kraken")));
        Assert.That((await PriceAsync("ethereum"))["provider"]!.ToString(), Is.EqualTo("simulated"));
    }

    private static Task NextTurnAsync() =>
        ExecuteAsync("update provider_polls set started_at = started_at - interval '10 minutes' where kind = 'prices'");
}
