using System.Globalization;
using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

/// <summary>The vocabulary of tests about gains: amounts as numbers, several trades at once.</summary>
internal abstract class LotTest : TradingTest
{
    protected async Task RecordAllAsync(params JsonObject[] trades) =>
        (await User.PostAsync("/trades/batch", new JsonObject { ["trades"] = new JsonArray([.. trades]) })).ShouldBe(
            201
        );

    protected async Task<ApiResponse> GainsAsync(string query = "") =>
        (await User.GetAsync($"/trades/realized-gains?{query}")).ShouldBe(200);

    protected async Task<ApiResponse> LotsAsync(string query = "") =>
        (await User.GetAsync($"/trades/lots?{query}")).ShouldBe(200);

    /// <summary>Stores what a unit of a coin costs, as an administrator.</summary>
    protected static async Task PriceAsync(string coin, string price, int minute, string currency = "USD") =>
        (
            await (await AdminAsync()).PostAsync(
                "/admin/market/prices",
                new
                {
                    prices = new[]
                    {
                        new
                        {
                            coinId = coin,
                            currency,
                            price,
                            asOf = At(minute),
                        },
                    },
                }
            )
        ).ShouldBe(202);

    protected static decimal Number(JsonNode? node) => decimal.Parse(node!.ToString(), CultureInfo.InvariantCulture);

    /// <summary>Of each disposal the values of some fields, as <c>a/b/c</c>.</summary>
    protected static string[] Each(ApiResponse answer, string list, params string[] fields) =>
        [
            .. answer.Json[list]!
                .AsArray()
                .Select(item => string.Join('/', fields.Select(field => item![field]?.ToString() ?? "null"))),
        ];
}
