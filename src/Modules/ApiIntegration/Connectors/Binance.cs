using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>Binance spot. https://developers.binance.com/docs/binance-spot-api-docs/rest-api</summary>
internal sealed class Binance : IExchangeConnector
{
    private const int CandlesACall = 1000;
    private const int FillsACall = 1000;

    public string Name => "binance";

    public CandleHistory? History => new("1h", CandlesACall);

    public Task<IReadOnlyList<Listing>> ListAsync(ProviderApi api, CancellationToken cancellationToken) =>
        api.ReadAsync<IReadOnlyList<Listing>>(
            Get("/api/v3/exchangeInfo?permissions=SPOT&showPermissionSets=false", weight: 20),
            answer =>
                [
                    .. answer
                        .Body.Get("symbols")
                        .Items()
                        .Select(market => new Listing(
                            market.Text("symbol"),
                            market.Text("baseAsset"),
                            market.Text("quoteAsset")
                        )),
                ],
            cancellationToken
        );

    /// <summary>All markets in one call: of those asked for by name one that has gone would fail the rest.</summary>
    public Task<IReadOnlyList<MarketPrice>> PricesAsync(
        ProviderApi api,
        IReadOnlyCollection<Market> markets,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync<IReadOnlyList<MarketPrice>>(
            Get("/api/v3/ticker/price", weight: 4),
            answer =>
            {
                var wanted = markets.ToDictionary(market => market.Symbol);
                return
                [
                    .. from item in answer.Body.Items()
                    let symbol = item.Text("symbol")
                    where wanted.ContainsKey(symbol)
                    let price = item.Get("price").Price("price")
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
            Get(
                $"/api/v3/klines?symbol={range.Symbol}&interval={range.Interval.Name}"
                    + $"&startTime={range.From.ToUnixTimeMilliseconds()}&endTime={range.To.ToUnixTimeMilliseconds() - 1}&limit={CandlesACall}",
                weight: 2
            ),
            body => body,
            row => ToCandle(row.Row(columns: 6)),
            range,
            cancellationToken
        );

    public Task<KeyPermissions> CheckAsync(
        ProviderApi api,
        Credentials credentials,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync(
            Signed("/sapi/v1/account/apiRestrictions", weight: 1, credentials),
            answer => new KeyPermissions(
                [
                    .. answer
                        .Body.Members()
                        .Where(member => member.Value.ValueKind is JsonValueKind.True)
                        .Select(member => member.Key()),
                ],
                answer.Body.Flag("enableWithdrawals")
            ),
            cancellationToken
        );

    public Task<IReadOnlyList<Balance>> BalancesAsync(
        ProviderApi api,
        Credentials credentials,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync<IReadOnlyList<Balance>>(
            Signed("/api/v3/account?omitZeroBalances=true", weight: 20, credentials),
            answer =>
                [
                    .. from item in answer.Body.Get("balances").Items()
                    let quantity = item.Get("free").NotNegative("free") + item.Get("locked").NotNegative("locked")
                    where quantity > 0
                    select new Balance(item.Text("asset"), quantity),
                ],
            cancellationToken
        );

    public Task<FillPage> FillsAsync(
        ProviderApi api,
        Credentials credentials,
        string? cursor,
        CancellationToken cancellationToken
    ) =>
        MarketWalk.NextPageAsync(
            this,
            api,
            credentials,
            cursor,
            (market, last) =>
                api.ReadAsync(
                    Signed(
                        $"/api/v3/myTrades?symbol={Uri.EscapeDataString(market.Symbol)}&fromId={(last + 1) ?? 0}&limit={FillsACall}",
                        weight: 20,
                        credentials
                    ),
                    answer =>
                    {
                        var fills = answer.Body.Items().Select(item => ToFill(item, market)).ToList();
                        return new MarketFills(fills, IsWhole: fills.Count < FillsACall);
                    },
                    cancellationToken
                ),
            cancellationToken
        );

    /// <summary>Percent-encoded query, then HMAC-SHA256 of it in hexadecimal.</summary>
    internal static string SignatureOf(string query, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(query)));

    private static ProviderCall Get(string path, int weight) =>
        new(path, weight) { Explain = Explain, UsedWeightHeader = "X-MBX-USED-WEIGHT-1M" };

    private static ProviderCall Signed(string path, int weight, Credentials credentials) =>
        Get(path, weight) with
        {
            Sign = (request, now) =>
            {
                var address = request.RequestUri!;
                var query =
                    $"{address.Query.TrimStart('?')}&recvWindow=10000&timestamp={now.ToUnixTimeMilliseconds()}".TrimStart(
                        '&'
                    );
                request.RequestUri = new Uri(
                    $"{address.GetLeftPart(UriPartial.Path)}?{query}&signature={SignatureOf(query, credentials.ApiSecret ?? "")}"
                );
                request.SetHeader("X-MBX-APIKEY", credentials.ApiKey);
            },
        };

    /// <summary><c>{"code":-2015,"msg":"…"}</c></summary>
    private static ConnectorException? Explain(ProviderAnswer answer)
    {
        if (
            answer.Status is HttpStatusCode.TooManyRequests or Http.MeteredCall.Banned
            || answer.Body.Find("code") is not { ValueKind: JsonValueKind.Number } code
            || !code.TryGetInt64(out var number)
            || number >= 0
        )
        {
            return null;
        }

        return number switch
        {
            -2014 or -2015 or -2008 or -1022 => new(
                ConnectorFault.InvalidKey,
                "binance does not accept the key, its secret, or this server's address."
            )
            {
                IsOfSecret = number == -1022,
            },
            -1002 => new(ConnectorFault.MissingPermission, "binance does not allow the key to do that."),
            -1021 => new(ConnectorFault.Unavailable, "binance finds that the clock of this server is wrong."),
            -1003 or -1015 => new(ConnectorFault.RateLimited, "binance says that there were too many calls.")
            {
                RetryAt = answer.At.AddMinutes(1),
            },
            -1000 or -1001 or -1006 or -1007 or -1008 or -1016 => new(
                ConnectorFault.Unavailable,
                "binance is out of order."
            ),
            _ => new(ConnectorFault.Refused, $"binance refuses the call (code {number})."),
        };
    }

    private static Candle ToCandle(JsonElement[] row) =>
        new(
            row[0].UnixMilliseconds("open time"),
            row[1].NotNegative("open"),
            row[2].NotNegative("high"),
            row[3].NotNegative("low"),
            row[4].NotNegative("close"),
            row[5].NotNegative("volume")
        );

    private static Fill ToFill(JsonElement item, Listing market) =>
        new(
            MarketWalk.ExternalIdOf(market, item.Whole("id")),
            market.Asset,
            market.Currency!,
            item.Flag("isBuyer") ? FillSide.Buy : FillSide.Sell,
            item.Get("qty").NotNegative("qty"),
            item.Get("price").NotNegative("price"),
            item.Get("quoteQty").NotNegative("quoteQty"),
            item.Number("commission"),
            item.Text("commissionAsset"),
            item.Get("time").UnixMilliseconds("time")
        );
}
