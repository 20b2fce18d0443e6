using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.UnitTests.ApiIntegration.Connectors;

/// <summary>Bitstamp. https://www.bitstamp.net/api</summary>
internal sealed class Bitstamp : IConnector
{
    public string Name => "bitstamp";

    public CandleHistory? History => new("1h", ACall: 1000);

    public Task<IReadOnlyList<Listing>> ListAsync(ProviderApi api, CancellationToken cancellationToken) =>
        api.ReadAsync<IReadOnlyList<Listing>>(
            new ProviderCall("/api/v2/markets/"),
            answer =>
                [
                    .. answer
                        .Body.Items()
                        .Select(market => new Listing(
                            market.Text("market_symbol"),
                            market.Text("base_currency"),
                            market.Text("counter_currency")
                        )),
                ],
            cancellationToken
        );

    public Task<IReadOnlyList<MarketPrice>> PricesAsync(
        ProviderApi api,
        IReadOnlyCollection<Market> markets,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync<IReadOnlyList<MarketPrice>>(
            new ProviderCall("/api/v2/ticker/"),
            answer =>
            {
                var wanted = markets.ToDictionary(market => market.Symbol);
                return
                [
                    .. from item in answer.Body.Items()
                    let symbol = item.Text("market")
                    where wanted.ContainsKey(symbol)
                    let price = item.Get("last").Price("last")
                    where price is not null
                    select new MarketPrice(wanted[symbol], price.Value),
                ];
            },
            cancellationToken
        );

    public Task<IReadOnlyList<Candle>> CandlesAsync(
        ProviderApi api,
        CandleRange range,
        CancellationToken cancellationToken
    ) =>
        api.ReadCandlesAsync(
            new ProviderCall(
                $"/api/v2/ohlc/{range.Symbol}/?step={range.Interval.Minutes * 60}&limit=1000"
                    + $"&start={range.From.ToUnixTimeSeconds()}&end={range.To.ToUnixTimeSeconds() - 1}"
            ),
            body => body.Get("data").Get("ohlc"),
            row => new Candle(
                row.Get("timestamp").UnixSeconds("timestamp"),
                row.Get("open").NotNegative("open"),
                row.Get("high").NotNegative("high"),
                row.Get("low").NotNegative("low"),
                row.Get("close").NotNegative("close"),
                row.Get("volume").NotNegative("volume")
            ),
            range,
            cancellationToken
        );
}
