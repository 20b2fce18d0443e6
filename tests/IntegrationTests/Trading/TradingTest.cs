using System.Globalization;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>The vocabulary of tests about trades: a user with an empty portfolio in USD.</summary>
internal abstract class TradingTest : ApiTest
{
    protected ApiUser User { get; private set; } = null!;

    protected string Portfolio { get; private set; } = "";

    [SetUp]
    public async Task OpenPortfolio()
    {
        User = await SignUpAsync();
        Portfolio = await OpenPortfolioAsync(User);
    }

    protected static async Task<string> OpenPortfolioAsync(ApiUser user, string currency = "USD") =>
        (await user.PostAsync("/portfolios", new { name = "Ledger", currency })).ShouldBe(201)["id"]!;

    /// <summary>A trade of bitcoin, at 100 USD and a minute of 1 January 2026 unless the changes say otherwise.</summary>
    protected JsonObject Trade(
        string type,
        string quantity,
        int minute = 0,
        params (string Name, JsonNode? Value)[] changes
    )
    {
        var trade = new JsonObject
        {
            ["portfolioId"] = Portfolio,
            ["coinId"] = "bitcoin",
            ["type"] = type,
            ["quantity"] = quantity,
            ["price"] = "100",
            ["timestamp"] = At(minute),
        };
        foreach (var (name, value) in changes)
        {
            trade[name] = value;
        }

        return trade;
    }

    protected static string At(int minute) =>
        new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            .AddMinutes(minute)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    protected Task<ApiResponse> RecordAsync(JsonObject trade) => User.PostAsync("/trades", trade);

    protected async Task<string> RecordedAsync(JsonObject trade) => (await RecordAsync(trade)).ShouldBe(201)["id"]!;

    protected Task<ApiResponse> ImportAsync(string csv, string options = "", string? portfolio = null) =>
        User.PostCsvAsync($"/trades/import?portfolioId={portfolio ?? Portfolio}{options}", csv);

    /// <summary>What is held of a coin, as <c>quantity/shortfall/average</c>.</summary>
    protected async Task<string?> PositionAsync(string coin = "bitcoin", string? portfolio = null) =>
        await StoredAsync<string>(
            """
            select concat_ws('/', trim_scale(quantity), trim_scale(shortfall), trim_scale(avg_buy_price))
            from portfolios.portfolio_assets
            where portfolio_id = $1 and coin_id = $2
            """,
            Guid.Parse(portfolio ?? Portfolio),
            coin
        );

    protected async Task<int> CountAsync() => (await User.GetAsync("/trades?limit=200")).ShouldBe(200).Items.Count;

    /// <summary>What a coin costs in USD from now on.</summary>
    protected static async Task PriceAsync(string coinId, string price) =>
        (
            await (await AdminAsync()).PostAsync(
                "/admin/market/prices",
                new
                {
                    prices = new[]
                    {
                        new
                        {
                            coinId,
                            currency = "USD",
                            price,
                        },
                    },
                }
            )
        ).ShouldBe(202);
}
