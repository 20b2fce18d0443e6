using System.Text.Json;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>
/// CoinGecko, whose ids are ours. https://docs.coingecko.com. Public, or with the installation's key: a paid one where the provider's address is that of
/// the paid API, else a demo key.
/// </summary>
internal sealed class CoinGecko(BeaconOptions options) : IKeyedConnector
{
    private const int CoinsACall = 200;

    /// <summary>The only interval that the public API has without gaps, over up to this many days.</summary>
    private const string Interval = "4h";
    private const int CandlesACall = 180;
    private static readonly int[] Days = [7, 14, 30];

    public string Name => "coingecko";

    public CandleHistory? History => new(Interval, CandlesACall, HasMinutes: false, Kept: CandlesACall);

    public Task<IReadOnlyList<Listing>> ListAsync(ProviderApi api, CancellationToken cancellationToken) =>
        api.ReadAsync<IReadOnlyList<Listing>>(
            Get(api, "/coins/list"),
            answer =>
                [
                    .. from coin in answer.Body.Items()
                    let id = coin.Text("id")
                    where CoinId.IsValid(id)
                    let symbol = coin.Find("symbol")?.GetString()
                    let name = coin.Find("name")?.GetString()
                    where !string.IsNullOrWhiteSpace(symbol)
                    select new Listing(id, symbol.ToUpperInvariant(), Currency: null, CoinId: id, Name: name),
                ],
            cancellationToken
        );

    public async Task<IReadOnlyList<MarketPrice>> PricesAsync(
        ProviderApi api,
        IReadOnlyCollection<Market> markets,
        CancellationToken cancellationToken
    )
    {
        var prices = new List<MarketPrice>();
        var currencies = string.Join(',', markets.Select(market => market.Currency.ToLowerInvariant()).Distinct());
        foreach (var chunk in markets.GroupBy(market => market.Symbol).Chunk(CoinsACall))
        {
            var ids = string.Join(',', chunk.Select(coin => coin.Key));
            prices.AddRange(
                await api.ReadAsync(
                    Get(
                        api,
                        $"/simple/price?ids={ids}&vs_currencies={currencies}&include_last_updated_at=true&precision=full"
                    ),
                    answer => Read(answer.Body, chunk.SelectMany(coin => coin)),
                    cancellationToken
                )
            );
        }

        return prices;
    }

    /// <summary>Rows are named by their end, and the last one is still under way.</summary>
    public Task<IReadOnlyList<Candle>> CandlesAsync(
        ProviderApi api,
        CandleRange range,
        CancellationToken cancellationToken
    )
    {
        var days = Days.FirstOrDefault(days => range.From >= api.Now.AddDays(-days), Days[^1]);
        return range.Interval.Name is not Interval
            ? Task.FromResult<IReadOnlyList<Candle>>([])
            : api.ReadCandlesAsync(
                Get(
                    api,
                    $"/coins/{range.Symbol}/ohlc?vs_currency={range.Market.Currency.ToLowerInvariant()}&days={days}"
                ),
                body => body,
                row => ToCandle(row.Row(columns: 5), range.Interval),
                range,
                cancellationToken
            );
    }

    public Task<KeyPermissions> CheckAsync(
        ProviderApi api,
        Credentials credentials,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync(
            Get(api, "/ping") with
            {
                Sign = (request, _) => Authenticate(request, api, credentials.ApiKey),
            },
            answer =>
            {
                answer.Body.Text("gecko_says");
                return new KeyPermissions(["read"], mayWithdraw: false);
            },
            cancellationToken
        );

    private ProviderCall Get(ProviderApi api, string path) =>
        new(path)
        {
            Explain = Explain,
            Sign = (request, _) => Authenticate(request, api, options.MarketData.ProviderKeys.GetValueOrDefault(Name)),
        };

    private static void Authenticate(HttpRequestMessage request, ProviderApi api, string? key)
    {
        var isPaid = api.Site.BaseUrl.Host.StartsWith("pro-", StringComparison.OrdinalIgnoreCase);
        var header = isPaid ? "x-cg-pro-api-key" : "x-cg-demo-api-key";
        request.SetHeader(header, key);
    }

    /// <summary><c>{"status":{"error_code":10002,"error_message":"…"}}</c></summary>
    private static ConnectorException? Explain(ProviderAnswer answer)
    {
        var code = answer.Body.Find("status")?.Find("error_code") ?? answer.Body.Find("error_code");
        return code is { ValueKind: JsonValueKind.Number } && code.Value.TryGetInt64(out var number)
            ? number switch
            {
                429 => null,
                10002 or 10010 or 10011 or 401 => new(
                    ConnectorFault.InvalidKey,
                    "coingecko does not accept the key, or it belongs to its other API (demo or paid)."
                ),
                10005 or 10006 or 10012 => new(
                    ConnectorFault.MissingPermission,
                    "coingecko does not give that with this key's plan."
                ),
                >= 500 and < 600 => new(ConnectorFault.Unavailable, "coingecko is out of order."),
                _ => new(ConnectorFault.Refused, $"coingecko refuses the call (code {number})."),
            }
            : null;
    }

    /// <summary>A coin or a currency that it has no price for is absent, or null.</summary>
    private static List<MarketPrice> Read(JsonElement coins, IEnumerable<Market> markets) =>
        [
            .. from market in markets
            let coin = coins.Find(market.Symbol)
            let price = coin?.Find(market.Currency.ToLowerInvariant())?.Price("price")
            where price is not null
            select new MarketPrice(market, price.Value, coin?.Find("last_updated_at")?.UnixSeconds("last_updated_at")),
        ];

    /// <summary>time, open, high, low, close</summary>
    private static Candle ToCandle(JsonElement[] row, CandleInterval interval) =>
        new(
            row[0].UnixMilliseconds("time") - interval.Length,
            row[1].Price("open") ?? 0,
            row[2].Price("high") ?? 0,
            row[3].Price("low") ?? 0,
            row[4].Price("close") ?? 0,
            Volume: null
        );
}
