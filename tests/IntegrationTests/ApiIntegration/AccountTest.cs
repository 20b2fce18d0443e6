using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>The vocabulary of tests about accounts at an exchange, which is Kraken played on the loopback address.</summary>
internal abstract class AccountTest : MarketTest
{
    protected const string Key = "the-key-of-somebody-0a1b";

    /// <summary>Base64, as Kraken's secrets are.</summary>
    protected const string Secret = "c2l4dGVlbiBieXRlcyBhbmQgbW9yZSBvZiB0aGVt";

    protected PlayedKraken Kraken { get; private set; } = null!;

    protected ApiUser User { get; private set; } = null!;

    protected string ProviderId { get; private set; } = "";

    [SetUp]
    public async Task OpenExchange()
    {
        Kraken = new PlayedKraken();
        User = await SignUpAsync();
        ProviderId = (await Admin.GetAsync("/providers")).Items.Single(provider =>
            provider!["name"]!.ToString() == "kraken"
        )!["id"]!.ToString();
        (
            await Admin.PatchAsync(
                $"/admin/providers/{ProviderId}",
                new
                {
                    baseUrl = Kraken.Url,
                    rateLimitWindow = "PT1S",
                    rateLimitCount = 10_000,
                }
            )
        ).ShouldBe(200);
    }

    [TearDown]
    public void CloseExchange() => Kraken.Dispose();

    protected Task<ApiResponse> TryToAddKeyAsync() =>
        User.PostAsync(
            "/api-keys",
            new
            {
                providerId = ProviderId,
                name = "mine",
                apiKey = Key,
                apiSecret = Secret,
            }
        );

    /// <summary>Its path.</summary>
    protected async Task<string> AddKeyAsync() => (await TryToAddKeyAsync()).ShouldBe(201).Location!;

    protected async Task<string> AddPortfolioAsync() =>
        (await User.PostAsync("/portfolios", new { name = "Main", currency = "USD" })).ShouldBe(201)["id"]!;

    /// <summary>Begins a sync and waits for its end.</summary>
    protected async Task<JsonNode> SyncAsync(string key, string portfolio)
    {
        var begun = (await User.PostAsync($"{key}/sync?portfolioId={portfolio}")).ShouldBe(202);
        return await EndOfAsync(begun.Location!);
    }

    protected Task<JsonNode> EndOfAsync(string run) =>
        EventuallyAsync(
            async () => (await User.GetAsync(run)).ShouldBe(200).Json,
            answer => answer["status"]!.ToString() is not ("queued" or "running"),
            TimeSpan.FromSeconds(30)
        );

    protected async Task<JsonArray> TradesAsync(string portfolio) =>
        (await User.GetAsync($"/trades?portfolioId={portfolio}&limit=200")).ShouldBe(200).Items;
}
