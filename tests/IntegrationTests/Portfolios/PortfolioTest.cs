using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Portfolios;

/// <summary>The words in which tests speak of portfolios.</summary>
internal abstract class PortfolioTest : ApiTest
{
    protected static async Task<ApiResponse> OpenAsync(
        ApiClient user,
        string name = "Long term",
        object? body = null
    ) => (await user.PostAsync("/portfolios", body ?? new { name })).ShouldBe(201);

    protected static Task<ApiResponse> ReadAsync(ApiClient user, ApiResponse portfolio) =>
        user.GetAsync(portfolio.Location!);

    protected static Task<ApiResponse> SetOpeningAsync(
        ApiClient user,
        ApiResponse portfolio,
        string coinId,
        object quantity,
        object avgBuyPrice,
        string? acquiredAt = null
    ) =>
        user.PutAsync(
            $"{portfolio.Location}/assets/{coinId}",
            new
            {
                quantity,
                avgBuyPrice,
                acquiredAt,
            }
        );

    protected static async Task BuyAsync(
        ApiClient user,
        ApiResponse portfolio,
        string coinId,
        string quantity,
        string price
    ) =>
        (
            await user.PostAsync(
                "/trades",
                new
                {
                    portfolioId = portfolio["id"],
                    coinId,
                    type = "buy",
                    quantity,
                    price,
                }
            )
        ).ShouldBe(201);

    /// <summary>The names of a user's default portfolios: there had better be one.</summary>
    protected static async Task<string[]> DefaultsAsync(ApiClient user) =>
        [
            .. (await user.GetAsync("/portfolios?limit=200"))
                .ShouldBe(200)
                .Items.Where(portfolio => (bool)portfolio!["isDefault"]!)
                .Select(portfolio => portfolio!["name"]!.ToString()),
        ];

    protected static JsonNode? Member(ApiResponse answer, string list, string coinId) =>
        answer.Json[list]!.AsArray().SingleOrDefault(item => item!["coinId"]!.ToString() == coinId);
}
