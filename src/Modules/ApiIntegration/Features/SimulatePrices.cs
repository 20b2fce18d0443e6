using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>A poll of the built-in provider: the next price of a dozen coins, on the way that every provider's prices take.</summary>
internal sealed record SimulatePrices(RandomWalk Walk) : ICommand
{
    public const string Provider = "simulated";
    public const string Currency = "USD";
}

internal sealed class SimulatePricesHandler(IWriteDatabase database, PriceFeed feed, TimeProvider clock)
    : IRequestHandler<SimulatePrices, Result>
{
    private static readonly IReadOnlyList<SimulatedCoin> Coins =
    [
        new("bitcoin", 64_000m),
        new("ethereum", 3_100m),
        new("binancecoin", 580m),
        new("solana", 145m),
        new("ripple", 0.52m),
        new("cardano", 0.45m),
        new("dogecoin", 0.13m),
        new("polkadot", 6.4m),
        new("litecoin", 82m),
        new("chainlink", 14.5m),
        new("tether", 1m, 0.02),
        new("eur", 1.08m, 0.1),
    ];

    public async Task<Result> Handle(SimulatePrices request, CancellationToken cancellationToken)
    {
        var isActive = await database.QueryAsync<bool>(
            "select coalesce(bool_or(is_active), true) from api_integration.api_providers where name = @Provider",
            new { SimulatePrices.Provider },
            cancellationToken
        );
        if (!isActive[0])
        {
            return Result.Success;
        }

        // What somebody else has said within a day stands: nothing is simulated over real prices.
        var known = await database.QueryAsync<KnownPrice>(
            """
            select coin_id, price, provider <> @Provider and as_of > @now - interval '24 hours' as is_real
            from api_integration.latest_prices
            where currency = @Currency and coin_id = any(@coins)
            """,
            new
            {
                SimulatePrices.Provider,
                SimulatePrices.Currency,
                now = clock.UtcNow(),
                coins = Coins.Select(coin => coin.CoinId).ToArray(),
            },
            cancellationToken
        );
        var byCoin = known.ToDictionary(price => price.CoinId);
        var prices = Coins
            .Where(coin => !byCoin.TryGetValue(coin.CoinId, out var price) || !price.IsReal)
            .Select(coin => Next(coin, byCoin.GetValueOrDefault(coin.CoinId)?.Price, request.Walk))
            .ToList();
        if (prices.Count > 0)
        {
            await feed.TakeInAsync(prices, SimulatePrices.Provider, cancellationToken);
        }

        return Result.Success;
    }

    private QuotedPrice Next(SimulatedCoin coin, decimal? before, RandomWalk walk) =>
        new(
            coin.CoinId,
            SimulatePrices.Currency,
            walk.Step(before is > 0 ? before.Value : coin.Anchor, coin.Anchor, coin.Nervousness),
            clock.UtcNow()
        );

    private sealed record SimulatedCoin(string CoinId, decimal Anchor, double Nervousness = 1);

    private sealed record KnownPrice
    {
        public required string CoinId { get; init; }

        public decimal Price { get; init; }

        public bool IsReal { get; init; }
    }
}

/// <summary>Polls the built-in provider while the server runs, where it is switched on: by default with the embedded database alone.</summary>
internal sealed partial class SimulatedProvider(
    IWorkerScopes scopes,
    BeaconOptions options,
    Deployment deployment,
    TimeProvider clock,
    ILogger<SimulatedProvider> logger
) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (deployment.Role == ServerRole.Web || !(options.MarketData.Simulated ?? deployment.HasEmbeddedDatabase))
        {
            return;
        }

        var walk = new RandomWalk(Environment.TickCount);
        using var timer = new PeriodicTimer(PollInterval, clock);
        do
        {
            try
            {
                await using var scope = scopes.Create();
                await scope
                    .ServiceProvider.GetRequiredService<IMediator>()
                    .Send(new SimulatePrices(walk), stoppingToken);
            }
            // A poll that fails, for whatever the database has, must not end the server: the next one may succeed.
            catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
            {
                LogFailedPoll(exception);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "Simulated prices could not be stored; the next poll tries again")]
    private partial void LogFailedPoll(Exception exception);
}
