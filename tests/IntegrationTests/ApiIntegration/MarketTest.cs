using System.Text.Json.Nodes;
using CryptoBeacon.Application.Json;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>The vocabulary of tests about prices and candles: an administrator feeds them, and everybody reads them.</summary>
internal abstract class MarketTest : ApiTest
{
    protected ApiUser Admin { get; private set; } = null!;

    protected static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [SetUp]
    public async Task SignInAdministrator() => Admin = await AdminAsync();

    protected Task<ApiResponse> QuoteAsync(
        params (string CoinId, string Currency, decimal Price, DateTimeOffset? AsOf)[] prices
    ) =>
        Admin.PostAsync(
            "/admin/market/prices",
            new
            {
                prices = prices.Select(p => new
                {
                    coinId = p.CoinId,
                    currency = p.Currency,
                    price = p.Price,
                    asOf = p.AsOf,
                }),
            }
        );

    protected async Task QuoteAsync(string coinId, string currency, decimal price, TimeSpan ago = default) =>
        (await QuoteAsync((coinId, currency, price, Now - ago))).ShouldBe(202);

    protected async Task<JsonNode> PriceAsync(string coinId, string currency = "USD") =>
        (await Admin.GetAsync($"/market/prices?coinIds={coinId}&currency={currency}")).ShouldBe(200).Items.Single()!;

    protected Task<ApiResponse> ImportAsync(string coinId, string currency, string interval, params string[] rows) =>
        Admin.PostCsvAsync(
            $"/admin/market/candles?coinId={coinId}&currency={currency}&interval={interval}",
            string.Join('\n', ["time,open,high,low,close,volume", .. rows])
        );

    protected async Task<JsonArray> CandlesAsync(string coinId, string query) =>
        (await Admin.GetAsync($"/market/candles/{coinId}?{query}")).ShouldBe(200).Items;

    /// <summary>A candle as one line: <c>open high low close volume</c>.</summary>
    protected static string Numbers(JsonNode? candle) =>
        string.Join(
            ' ',
            new[] { "open", "high", "low", "close", "volume" }.Select(name => candle![name]?.ToString() ?? "-")
        );

    protected static string Rfc3339(DateTimeOffset time) => UtcTime.Format(time);
}
