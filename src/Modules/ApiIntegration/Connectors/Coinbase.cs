using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>
/// Coinbase Exchange. https://docs.cdp.coinbase.com/exchange. A key comes with a secret and a passphrase, written together as
/// <c>secret:passphrase</c>; the secret is base64, which has no colon.
/// </summary>
internal sealed class Coinbase : IExchangeConnector
{
    private const int FillsACall = 1000;
    private const int CandlesACall = 300;

    private static readonly HashSet<string> Intervals = ["1m", "5m", "15m", "1h", "1d"];

    public string Name => "coinbase";

    public CandleHistory? History => new("1h", CandlesACall);

    public Task<IReadOnlyList<Listing>> ListAsync(ProviderApi api, CancellationToken cancellationToken) =>
        api.ReadAsync<IReadOnlyList<Listing>>(
            Get("/products"),
            answer =>
                [
                    .. answer
                        .Body.Items()
                        .Select(product => new Listing(
                            product.Text("id"),
                            product.Text("base_currency"),
                            product.Text("quote_currency")
                        )),
                ],
            cancellationToken
        );

    /// <summary>Coinbase has no call for several; one that has no ticker, as before its first trade, has no price.</summary>
    public async Task<IReadOnlyList<MarketPrice>> PricesAsync(
        ProviderApi api,
        IReadOnlyCollection<Market> markets,
        CancellationToken cancellationToken
    )
    {
        var prices = new List<MarketPrice>();
        foreach (var market in markets)
        {
            try
            {
                prices.AddRange(await PriceAsync(api, market, cancellationToken));
            }
            catch (ConnectorException fault) when (fault.Fault is ConnectorFault.Refused)
            {
                // A product that is gone: the call is recorded with what was answered, and the others have prices.
            }
        }

        return prices;
    }

    public Task<IReadOnlyList<Candle>> CandlesAsync(
        ProviderApi api,
        CandleRange range,
        CancellationToken cancellationToken
    )
    {
        if (!Intervals.Contains(range.Interval.Name))
        {
            return Task.FromResult<IReadOnlyList<Candle>>([]);
        }

        // Both ends are included.
        return api.ReadCandlesAsync(
            Get(
                $"/products/{range.Symbol}/candles?granularity={range.Interval.Minutes * 60}"
                    + $"&start={ProviderJson.Rfc3339(range.From)}&end={ProviderJson.Rfc3339(range.To - range.Interval.Length)}"
            ),
            body => body,
            row => ToCandle(row.Row(columns: 6)),
            range,
            cancellationToken
        );
    }

    /// <summary>Coinbase Exchange does not tell what a key may; a look at the accounts says that it is good and may view.</summary>
    public bool TellsOfWithdrawals => false;

    public Task<KeyPermissions> CheckAsync(
        ProviderApi api,
        Credentials credentials,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync(
            Signed("/accounts", credentials),
            answer =>
            {
                _ = answer.Body.Items();
                return new KeyPermissions(["view"], mayWithdraw: null);
            },
            cancellationToken
        );

    public Task<IReadOnlyList<Balance>> BalancesAsync(
        ProviderApi api,
        Credentials credentials,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync<IReadOnlyList<Balance>>(
            Signed("/accounts", credentials),
            answer =>
                [
                    .. from item in answer.Body.Items()
                    let quantity = item.Get("balance").NotNegative("balance")
                    where quantity > 0
                    select new Balance(item.Text("currency"), quantity),
                ],
            cancellationToken
        );

    /// <summary>Newest first within a product; what is older than those of a page is asked for by the header that came with it.</summary>
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
            (market, last) => FillsOfAsync(api, credentials, market, last, cancellationToken),
            cancellationToken
        );

    /// <summary>HMAC-SHA256 of time, method, path and body, in base64.</summary>
    /// <exception cref="FormatException">The secret is no base64.</exception>
    internal static string SignatureOf(string timestamp, string method, string path, string body, string secret) =>
        Convert.ToBase64String(
            HMACSHA256.HashData(
                Convert.FromBase64String(secret),
                Encoding.UTF8.GetBytes(timestamp + method + path + body)
            )
        );

    private static Task<IReadOnlyList<MarketPrice>> PriceAsync(
        ProviderApi api,
        Market market,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync<IReadOnlyList<MarketPrice>>(
            Get($"/products/{Uri.EscapeDataString(market.Symbol)}/ticker"),
            answer =>
                answer.Body.Get("price").Price("price") is { } price
                    ? [new MarketPrice(market, price, answer.Body.Rfc3339("time"))]
                    : [],
            cancellationToken
        );

    /// <summary>All that are newer than a trade id, oldest first: a page must not leave a gap below it.</summary>
    private static async Task<MarketFills> FillsOfAsync(
        ProviderApi api,
        Credentials credentials,
        Listing market,
        long? position,
        CancellationToken cancellationToken
    )
    {
        var fills = new List<Fill>();
        var oldest = long.MaxValue;
        for (string? after = null; ; )
        {
            var older = after is null ? "" : $"&after={Uri.EscapeDataString(after)}";
            var path = $"/fills?product_id={Uri.EscapeDataString(market.Symbol)}&limit={FillsACall}{older}";
            var (page, next) = await api.ReadAsync(
                Signed(path, credentials),
                answer =>
                    (
                        answer.Body.Items().Select(item => ToFill(item, market)).ToList(),
                        answer.Headers.TryGetValues("CB-AFTER", out var values) ? values.First() : null
                    ),
                cancellationToken
            );
            if (page.Any(fill => MarketWalk.NumberOf(fill) >= oldest))
            {
                throw ProviderJson.Changed("pages of fills overlap");
            }

            oldest = page.Select(MarketWalk.NumberOf).DefaultIfEmpty(oldest).Min();
            fills.AddRange(page.Where(fill => position is null || MarketWalk.NumberOf(fill) > position));
            var isWhole = page.Count < FillsACall || next is null || next == after;
            if (isWhole || page.Any(fill => MarketWalk.NumberOf(fill) <= position))
            {
                fills.Reverse();
                return new MarketFills(fills, IsWhole: true);
            }

            after = next;
        }
    }

    private static ProviderCall Get(string path) => new(path) { Explain = Explain };

    private static ProviderCall Signed(string path, Credentials credentials)
    {
        var parts = (credentials.ApiSecret ?? "").Split(':', 2);
        return Get(path) with
        {
            Sign = (request, now) =>
            {
                var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
                request.SetHeader("CB-ACCESS-KEY", credentials.ApiKey);
                request.SetHeader("CB-ACCESS-TIMESTAMP", timestamp);
                request.SetHeader("CB-ACCESS-PASSPHRASE", parts.ElementAtOrDefault(1) ?? "");
                request.SetHeader("CB-ACCESS-SIGN", Sign(timestamp, request.RequestUri!.PathAndQuery, parts[0]));
            },
        };
    }

    private static string Sign(string timestamp, string path, string secret)
    {
        try
        {
            return SignatureOf(timestamp, "GET", path, "", secret);
        }
        catch (FormatException)
        {
            throw new ConnectorException(
                ConnectorFault.InvalidKey,
                "A secret of coinbase is base64 and a passphrase, written secret:passphrase, which this is not."
            )
            {
                IsOfSecret = true,
            };
        }
    }

    /// <summary><c>{"message":"Invalid API Key"}</c></summary>
    private static ConnectorException? Explain(ProviderAnswer answer) =>
        answer.Status switch
        {
            HttpStatusCode.Unauthorized => new(
                ConnectorFault.InvalidKey,
                "coinbase does not accept the key, its secret or its passphrase."
            ),
            HttpStatusCode.BadRequest
                when answer.Body.Find("message") is { ValueKind: JsonValueKind.String } message
                    && message.GetString() is "invalid signature" or "Invalid Passphrase" or "Invalid API Key" => new(
                ConnectorFault.InvalidKey,
                "coinbase does not accept the key, its secret or its passphrase."
            )
            {
                IsOfSecret = message.GetString() is not "Invalid API Key",
            },
            _ => null,
        };

    /// <summary>time, low, high, open, close, volume</summary>
    private static Candle ToCandle(JsonElement[] row) =>
        new(
            row[0].UnixSeconds("time"),
            row[3].NotNegative("open"),
            row[2].NotNegative("high"),
            row[1].NotNegative("low"),
            row[4].NotNegative("close"),
            row[5].NotNegative("volume")
        );

    private static Fill ToFill(JsonElement item, Listing market) =>
        new(
            MarketWalk.ExternalIdOf(market, item.Whole("trade_id")),
            market.Asset,
            market.Currency!,
            item.Text("side") switch
            {
                "buy" => FillSide.Buy,
                "sell" => FillSide.Sell,
                _ => throw ProviderJson.Changed("side is neither buy nor sell"),
            },
            item.Get("size").NotNegative("size"),
            item.Get("price").NotNegative("price"),
            Total: null,
            item.Number("fee"),
            market.Currency!,
            item.Rfc3339("created_at")
        );
}
