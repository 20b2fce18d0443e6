using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>The vocabulary of tests about accounts at an exchange, which is played on the loopback address.</summary>
internal abstract class AccountTest<TExchange> : MarketTest
    where TExchange : PlayedExchange, new()
{
    protected const string Key = "the-key-of-somebody-0a1b";

    protected TExchange Exchange { get; private set; } = null!;

    protected ApiUser User { get; private set; } = null!;

    protected string ProviderId { get; private set; } = "";

    [SetUp]
    public async Task OpenExchange()
    {
        Exchange = new TExchange();
        User = await SignUpAsync();
        ProviderId = (await Admin.GetAsync("/providers")).Items.Single(provider =>
            provider!["name"]!.ToString() == Exchange.Name
        )!["id"]!.ToString();
        (
            await Admin.PatchAsync(
                $"/admin/providers/{ProviderId}",
                new
                {
                    baseUrl = Exchange.Url,
                    rateLimitWindow = "PT1S",
                    rateLimitCount = 10_000,
                }
            )
        ).ShouldBe(200);
    }

    [TearDown]
    public void CloseExchange() => Exchange.Dispose();

    protected Task<ApiResponse> TryToAddKeyAsync() =>
        User.PostAsync(
            "/api-keys",
            new
            {
                providerId = ProviderId,
                name = "mine",
                apiKey = Key,
                apiSecret = Exchange.Secret,
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

    /// <summary>How many trades there are, and how many by the exchange's id.</summary>
    protected static async Task<(long All, long Distinct)> CountTradesAsync(string portfolio) =>
        (
            await StoredAsync<long>(
                "select count(*) from trading.trades where portfolio_id = $1",
                Guid.Parse(portfolio)
            ),
            await StoredAsync<long>(
                "select count(distinct external_id) from trading.trades where portfolio_id = $1",
                Guid.Parse(portfolio)
            )
        );
}

internal abstract class AccountTest : AccountTest<PlayedKraken>
{
    protected PlayedKraken Kraken => Exchange;

    protected string Secret => Exchange.Secret;
}
