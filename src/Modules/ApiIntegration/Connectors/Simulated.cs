using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>
/// The server's own provider: moving prices of a dozen coins, without a call. They follow from the time alone, so that all servers say the same and a restart
/// is no jump. It tells no past: what never was is not to stand among what was.
/// </summary>
internal sealed class Simulated : IConnector
{
    public const string Provider = "simulated";

    private const string Currency = "USD";

    private static readonly IReadOnlyList<Coin> Coins =
    [
        new("bitcoin", "BTC", 64_000m),
        new("ethereum", "ETH", 3_100m),
        new("binancecoin", "BNB", 580m),
        new("solana", "SOL", 145m),
        new("ripple", "XRP", 0.52m),
        new("cardano", "ADA", 0.45m),
        new("dogecoin", "DOGE", 0.13m),
        new("polkadot", "DOT", 6.4m),
        new("litecoin", "LTC", 82m),
        new("chainlink", "LINK", 14.5m),
        new("tether", "USDT", 1m, 0.02),
        new("eur", "EUR", 1.08m, 0.1),
    ];

    public string Name => Provider;

    public bool PricesUnasked => true;

    public CandleHistory? History => null;

    public Task<IReadOnlyList<Listing>> ListAsync(ProviderApi api, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Listing>>([
            .. Coins.Select(coin => new Listing(coin.Id, coin.Symbol, Currency, CoinId: coin.Id)),
        ]);

    public Task<IReadOnlyList<MarketPrice>> PricesAsync(
        ProviderApi api,
        IReadOnlyCollection<Market> markets,
        CancellationToken cancellationToken
    ) =>
        Task.FromResult<IReadOnlyList<MarketPrice>>([
            .. from coin in Coins.Index()
            let market = new Market(coin.Item.Id, Currency)
            where markets.Contains(market)
            select new MarketPrice(
                market,
                RandomWalk.PriceAt(coin.Index, coin.Item.Anchor, coin.Item.Nervousness, api.Now)
            ),
        ]);

    public Task<IReadOnlyList<Candle>> CandlesAsync(
        ProviderApi api,
        CandleRange range,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<Candle>>([]);

    private sealed record Coin(string Id, string Symbol, decimal Anchor, double Nervousness = 1);
}
