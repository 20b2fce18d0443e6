using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class SimulatedPricesTests : MarketTest
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
}
