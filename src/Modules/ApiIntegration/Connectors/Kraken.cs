using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Application.Contracts.ApiIntegration;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>Kraken spot. https://docs.kraken.com/api/docs/rest-api</summary>
internal sealed class Kraken : IExchangeConnector
{
    /// <summary>Fixed by Kraken.</summary>
    private const int FillsACall = 50;

    private static readonly HashSet<string> Money = ["USD", "EUR", "GBP", "CAD", "JPY", "CHF", "AUD", "AED"];

    public string Name => "kraken";

    public CandleHistory? History => new("1h", ACall: 720, Kept: 720);

    public Task<IReadOnlyList<Listing>> ListAsync(ProviderApi api, CancellationToken cancellationToken) =>
        api.ReadAsync<IReadOnlyList<Listing>>(
            Get("/0/public/AssetPairs"),
            answer =>
                [
                    .. answer
                        .Body.Get("result")
                        .Members()
                        .Select(pair => new Listing(
                            pair.Key(),
                            KrakenAssets.SymbolOf(pair.Value.Text("base")),
                            KrakenAssets.SymbolOf(pair.Value.Text("quote"))
                        )),
                ],
            cancellationToken
        );

    /// <summary>All pairs in one call: of those asked for by name one that has gone would fail the rest.</summary>
    public Task<IReadOnlyList<MarketPrice>> PricesAsync(
        ProviderApi api,
        IReadOnlyCollection<Market> markets,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync<IReadOnlyList<MarketPrice>>(
            Get("/0/public/Ticker"),
            answer =>
                [
                    .. from market in markets
                    let ticker = answer.Body.Get("result").Find(market.Symbol)
                    where ticker is not null
                    // The last trade closed: price and volume.
                    let price = ticker.Value.Get("c").Row(columns: 1)[0].Price("c")
                    where price is not null
                    select new MarketPrice(market, price.Value),
                ],
            cancellationToken
        );

    /// <summary>Kraken has the last 720 candles of each interval and no older ones; the one under way comes too.</summary>
    public Task<IReadOnlyList<Candle>> CandlesAsync(
        ProviderApi api,
        CandleRange range,
        CancellationToken cancellationToken
    ) =>
        api.ReadCandlesAsync(
            Get(
                $"/0/public/OHLC?pair={range.Symbol}&interval={range.Interval.Minutes}&since={range.From.ToUnixTimeSeconds() - 1}"
            ),
            body => body.Get("result").Get(range.Market.Symbol),
            row => ToCandle(row.Row(columns: 8)),
            range,
            cancellationToken
        );

    public Task<KeyPermissions> CheckAsync(
        ProviderApi api,
        Credentials credentials,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync(
            Signed("/0/private/GetApiKeyInfo", credentials),
            answer =>
            {
                var permissions = answer
                    .Body.Get("result")
                    .Get("permissions")
                    .Items()
                    .Select(item => item.ToText("permission"))
                    .ToList();
                return new KeyPermissions(permissions, permissions.Contains("withdraw-funds"));
            },
            cancellationToken
        );

    public Task<IReadOnlyList<Balance>> BalancesAsync(
        ProviderApi api,
        Credentials credentials,
        CancellationToken cancellationToken
    ) =>
        api.ReadAsync<IReadOnlyList<Balance>>(
            Signed("/0/private/Balance", credentials),
            answer =>
                [
                    // Staked and rewarded parts stand under names of their own.
                    .. from item in answer.Body.Get("result").Members()
                    group item.Value.NotNegative("balance") by KrakenAssets.SymbolOf(item.Key()) into asset
                    where asset.Sum() > 0
                    select new Balance(asset.Key, asset.Sum()),
                ],
            cancellationToken
        );

    /// <summary>
    /// Kraken tells the newest first, by offset. Within a time that has ended the offsets stay, so a walk takes one such time and goes through it from its
    /// far end: oldest first.
    /// </summary>
    public async Task<FillPage> FillsAsync(
        ProviderApi api,
        Credentials credentials,
        string? cursor,
        CancellationToken cancellationToken
    )
    {
        var walk = ExchangeCalls.ReadCursor<Walk>(cursor) ?? Walk.New(since: 0, api.Now);
        if (walk.Offset is not { } offset)
        {
            var count = await api.ReadAsync(
                TradesHistory(walk, offset: 0, credentials),
                answer => CountOf(answer.Body.Get("result")),
                cancellationToken
            );
            walk = walk with { Count = count, Offset = offset = Math.Max(0, (count - 1) / FillsACall * FillsACall) };
        }

        var fills = await api.ReadAsync<IReadOnlyList<Fill>>(
            TradesHistory(walk, offset, credentials),
            answer =>
            {
                var trades = answer.Body.Get("result").Get("trades").Members().ToList();
                if (trades.Count == 0 && offset > 0)
                {
                    throw ProviderJson.Changed("there are fewer trades than were counted");
                }

                return
                [
                    .. trades
                        // What is traded on margin moves no coins of one's own.
                        .Where(trade => trade.Value.Find("margin")?.ToNumber("margin") is null or 0)
                        .Select(ToFill)
                        .OrderBy(fill => fill.At),
                ];
            },
            cancellationToken
        );
        return offset == 0
            // What Kraken books late is met by looking a little further back the next time.
            ? new FillPage(fills, Walk.New(walk.Until - 300, api.Now).ToString(), IsLast: true, Progress: 1)
            : new FillPage(
                fills,
                (walk with { Offset = offset - FillsACall }).ToString(),
                IsLast: false,
                1 - ((decimal)offset / walk.Count)
            );
    }

    private static long CountOf(JsonElement history) =>
        history.Find("count") is null ? history.Get("trades").Members().Count() : history.Whole("count");

    /// <summary>HMAC-SHA512 of the path and SHA-256 of nonce and form, in base64.</summary>
    /// <exception cref="FormatException">The secret is no base64.</exception>
    internal static string SignatureOf(string path, string nonce, string form, string secret) =>
        Convert.ToBase64String(
            HMACSHA512.HashData(
                Convert.FromBase64String(secret),
                Encoding.UTF8.GetBytes(path).Concat(SHA256.HashData(Encoding.UTF8.GetBytes(nonce + form))).ToArray()
            )
        );

    private static ProviderCall TradesHistory(Walk walk, long offset, Credentials credentials) =>
        Signed(
            "/0/private/TradesHistory",
            credentials,
            weight: 2,
            string.Create(CultureInfo.InvariantCulture, $"&start={walk.Since}&end={walk.Until}&ofs={offset}")
        );

    private static ProviderCall Get(string path) => new(path) { Explain = Explain };

    private static ProviderCall Signed(string path, Credentials credentials, int weight = 1, string form = "") =>
        new(path, weight)
        {
            Method = HttpMethod.Post,
            Explain = Explain,
            Sign = (request, now) =>
            {
                // Kraken wants it to grow from call to call of a key.
                var nonce = (now.UtcTicks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);
                var body = $"nonce={nonce}{form}";
                request.Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
                request.SetHeader("API-Key", credentials.ApiKey);
                request.SetHeader("API-Sign", Sign(path, nonce, body, credentials));
            },
        };

    private static string Sign(string path, string nonce, string form, Credentials credentials)
    {
        try
        {
            return SignatureOf(path, nonce, form, credentials.ApiSecret ?? "");
        }
        catch (FormatException)
        {
            throw new ConnectorException(ConnectorFault.InvalidKey, "A secret of kraken is base64, which this is not.")
            {
                IsOfSecret = true,
            };
        }
    }

    /// <summary><c>{"error":["EAPI:Invalid key"]}</c>, with HTTP 200.</summary>
    private static ConnectorException? Explain(ProviderAnswer answer)
    {
        // A warning begins with W.
        var error = answer.Body.Find("error") is { ValueKind: JsonValueKind.Array } errors
            ? errors
                .EnumerateArray()
                .Select(item => item.ValueKind is JsonValueKind.String ? item.GetString()! : "")
                .FirstOrDefault(text => text.StartsWith('E'))
            : null;
        return error switch
        {
            null when answer.Status is HttpStatusCode.OK && answer.IsJson => answer.Body.Find("result") is null
                ? ProviderJson.Changed("result is missing")
                : null,
            null => null,
            "EAPI:Invalid key" or "EAPI:Invalid signature" => new(
                ConnectorFault.InvalidKey,
                "kraken does not accept the key or its secret."
            )
            {
                IsOfSecret = error is "EAPI:Invalid signature",
            },
            "EAPI:Invalid nonce" => new(
                ConnectorFault.Unavailable,
                "kraken refuses a call that another one of the same key has overtaken; try again."
            ),
            "EGeneral:Permission denied" => new(
                ConnectorFault.MissingPermission,
                "kraken does not allow the key to do that."
            ),
            "EAPI:Rate limit exceeded" or "EGeneral:Too many requests" or "EOrder:Rate limit exceeded" => TooMany(
                answer.At.AddSeconds(15)
            ),
            "EGeneral:Temporary lockout" => TooMany(answer.At.AddMinutes(15)),
            _ when error.StartsWith("EService:", StringComparison.Ordinal) => new(
                ConnectorFault.Unavailable,
                "kraken is out of order."
            ),
            _ => new(ConnectorFault.Refused, $"kraken refuses the call ({Shorten(error)})."),
        };
    }

    private static ConnectorException TooMany(DateTimeOffset retryAt) =>
        new(ConnectorFault.RateLimited, "kraken says that there were too many calls.") { RetryAt = retryAt };

    private static string Shorten(string error) => error.Length <= 100 ? error : error[..100];

    /// <summary>time, open, high, low, close, vwap, volume, count</summary>
    private static Candle ToCandle(JsonElement[] row) =>
        new(
            row[0].UnixSeconds("time"),
            row[1].NotNegative("open"),
            row[2].NotNegative("high"),
            row[3].NotNegative("low"),
            row[4].NotNegative("close"),
            row[6].NotNegative("volume")
        );

    private static Fill ToFill(JsonProperty trade)
    {
        var pair =
            KrakenAssets.PairOf(trade.Value.Text("pair"), Money.Contains)
            ?? throw ProviderJson.Changed("pair is none of known assets");
        return new Fill(
            trade.Key(),
            pair.Base,
            pair.Quote,
            trade.Value.Text("type") switch
            {
                "buy" => FillSide.Buy,
                "sell" => FillSide.Sell,
                _ => throw ProviderJson.Changed("type is neither buy nor sell"),
            },
            trade.Value.Get("vol").NotNegative("vol"),
            trade.Value.Get("price").NotNegative("price"),
            trade.Value.Get("cost").NotNegative("cost"),
            trade.Value.Number("fee"),
            pair.Quote,
            trade.Value.Get("time").UnixSeconds("time")
        );
    }

    /// <param name="Since">Unix seconds, not included.</param>
    /// <param name="Until">Unix seconds, included.</param>
    /// <param name="Offset">Of the next page; null: the walk has not begun.</param>
    private sealed record Walk(long Since, long Until, long? Offset, long Count)
    {
        public static Walk New(long since, DateTimeOffset now) =>
            new(Math.Max(0, since), now.ToUnixTimeSeconds(), null, 0);

        public override string ToString() => JsonSerializer.Serialize(this);
    }
}
