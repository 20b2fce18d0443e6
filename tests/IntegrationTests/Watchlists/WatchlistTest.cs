using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Watchlists;

/// <summary>The words in which tests speak of watchlists.</summary>
internal abstract class WatchlistTest : ApiTest
{
    protected static async Task<ApiResponse> OpenAsync(
        ApiClient user,
        string name = "Majors",
        bool isDefault = false
    ) => (await user.PostAsync("/watchlists", new { name, isDefault })).ShouldBe(201);

    protected static async Task<ApiResponse> OpenWithAsync(ApiClient user, params string[] coinIds)
    {
        var watchlist = await OpenAsync(user);
        foreach (var coinId in coinIds)
        {
            (await WatchAsync(user, watchlist, coinId)).ShouldBe(201);
        }

        return await ReadAsync(user, watchlist);
    }

    protected static Task<ApiResponse> WatchAsync(
        ApiClient user,
        ApiResponse watchlist,
        string coinId,
        params object[] customAlerts
    ) => user.PostAsync($"/watchlists/{watchlist["id"]}/items", new { coinId, customAlerts });

    protected static Task<ApiResponse> ReadAsync(ApiClient user, ApiResponse watchlist, string query = "") =>
        user.GetAsync($"/watchlists/{watchlist["id"]}{query}");

    protected static async Task<string[]> CoinsAsync(ApiClient user, ApiResponse watchlist) =>
        [.. (await ReadAsync(user, watchlist)).ShouldBe(200).Items.Select(item => item!["coinId"]!.ToString())];

    protected static async Task<string[]> DefaultsAsync(ApiClient user) =>
        [
            .. (await user.GetAsync("/watchlists?limit=200"))
                .ShouldBe(200)
                .Items.Where(watchlist => (bool)watchlist!["isDefault"]!)
                .Select(watchlist => watchlist!["name"]!.ToString()),
        ];
}
