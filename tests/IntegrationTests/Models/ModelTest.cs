using System.Globalization;
using CryptoBeacon.IntegrationTests.ApiIntegration;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Models;

/// <summary>The vocabulary of tests about models: daily candles of a coin that swings, a model, and its runs.</summary>
internal abstract class ModelTest : MarketTest
{
    protected static readonly object Cross = new
    {
        strategy = "sma_cross",
        fast = 3,
        slow = 8,
    };

    protected static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    protected ApiUser User { get; private set; } = null!;

    [SetUp]
    public async Task SignUpOwner() => User = await SignUpAsync();

    /// <summary>Days of a price that swings around 100 and rises.</summary>
    protected async Task ImportSwingsAsync(string coinId = "bitcoin", int days = 200)
    {
        var rows = Enumerable
            .Range(0, days)
            .Select(day =>
            {
                var (open, close) = (Price(day), Price(day + 1));
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Start.AddDays(day):yyyy-MM-dd}T00:00:00Z,{open},{Math.Max(open, close) + 1},{Math.Min(open, close) - 1},{close},{1000 + day}"
                );
            });
        (await ImportAsync(coinId, "USD", "1d", [.. rows])).ShouldBe(200);

        static decimal Price(int day) =>
            decimal.Round((decimal)(100 + (20 * Math.Sin(day / 7.0)) + (5 * Math.Sin(day * 1.7)) + (day * 0.1)), 2);
    }

    protected async Task<string> ModelAsync(
        object? configuration = null,
        string type = "trading",
        ApiUser? of = null
    ) =>
        (
            await (of ?? User).PostAsync(
                "/models",
                new
                {
                    name = "Swing",
                    type,
                    configuration = configuration ?? Cross,
                }
            )
        ).ShouldBe(201)["id"]!;

    protected static object Run(int days = 200, params string[] assets) =>
        new
        {
            startDate = Start,
            endDate = Start.AddDays(days),
            assets = assets.Length == 0 ? ["bitcoin"] : assets,
            feeRate = "0.001",
        };

    protected async Task<ApiResponse> BacktestAsync(string model, object? run = null) =>
        await DoneAsync((await User.PostAsync($"/models/{model}/backtests", run ?? Run())).ShouldBe(202).Location!);

    /// <summary>The run as it has ended.</summary>
    protected Task<ApiResponse> DoneAsync(string location) =>
        EventuallyAsync(
            () => User.GetAsync(location),
            run => run.ShouldBe(200)["status"] is not ("queued" or "running"),
            TimeSpan.FromSeconds(60)
        );
}
