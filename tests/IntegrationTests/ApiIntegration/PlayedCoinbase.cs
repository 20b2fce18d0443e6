using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using WireMock;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>As the documentation of Coinbase Exchange prints its answers; it looks at signatures, as Coinbase does.</summary>
internal sealed class PlayedCoinbase : PlayedExchange
{
    private const string Passphrase = "pass phrase";
    private static readonly string Key = Convert.ToBase64String("a secret of sixty-four bytes"u8);

    public PlayedCoinbase()
    {
        Answer("/products", _ => new(new JsonArray(Product("BTC"), Product("ETH"))));
        Answer(
            "/accounts",
            Signed(_ => new(new JsonArray(Account("USD", "0.0000000000000000"), Account("ETH", "1.1000000000000000"))))
        );
        AnswerFills("/fills", Signed(Page));
    }

    public override string Name => "coinbase";

    public override string Secret => $"{Key}:{Passphrase}";

    /// <summary>By product and id.</summary>
    public List<(string Product, int Id)> Fills { get; } = [("ETH-USD", 11), ("ETH-USD", 12), ("BTC-USD", 3)];

    public static PlayedAnswer Refused(int status, string message, params (string, string)[] headers) =>
        new(new JsonObject { ["message"] = message }, status, headers);

    private static JsonObject Product(string coin) =>
        new()
        {
            ["id"] = $"{coin}-USD",
            ["base_currency"] = coin,
            ["quote_currency"] = "USD",
            ["status"] = "online",
        };

    private static JsonObject Account(string coin, string balance) =>
        new()
        {
            ["id"] = "7fd0abc0-e5ad-4cbb-8d54-f2b3f43364da",
            ["currency"] = coin,
            ["balance"] = balance,
            ["hold"] = "0",
            ["available"] = balance,
            ["trading_enabled"] = true,
        };

    /// <summary>Newest first; CB-AFTER leads to what is older.</summary>
    private PlayedAnswer Page(IRequestMessage request)
    {
        var query = HttpUtility.ParseQueryString(new Uri(request.Url).Query);
        var before = query["after"] is { } after ? int.Parse(after, CultureInfo.InvariantCulture) : int.MaxValue;
        var page = Fills
            .Where(fill => fill.Product == query["product_id"] && fill.Id < before)
            .OrderByDescending(fill => fill.Id)
            .Take(int.Parse(query["limit"]!, CultureInfo.InvariantCulture))
            .ToList();
        var body = new JsonArray([.. page.Select(fill => Fill(fill.Product, fill.Id))]);
        return page.Count == 0
            ? new(body)
            : new(body, 200, ("CB-AFTER", page[^1].Id.ToString(CultureInfo.InvariantCulture)));
    }

    private static JsonObject Fill(string product, int id) =>
        new()
        {
            ["created_at"] = DateTimeOffset
                .FromUnixTimeSeconds(1_600_000_000 + id)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["trade_id"] = id,
            ["product_id"] = product,
            ["order_id"] = "41473628-db2c-464e-b9f4-82df7e4fb4f4",
            ["liquidity"] = "T",
            ["price"] = "8000.00000000",
            ["size"] = "0.10000000",
            ["fee"] = "4.0000000000000000",
            ["side"] = "buy",
            ["settled"] = true,
            ["usd_volume"] = "800.00",
        };

    private static Func<IRequestMessage, PlayedAnswer> Signed(Func<IRequestMessage, PlayedAnswer> answer) =>
        request =>
        {
            var signed = Header("CB-ACCESS-TIMESTAMP") + "GET" + new Uri(request.Url).PathAndQuery;
            var signature = Convert.ToBase64String(
                HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(signed))
            );
            return Header("CB-ACCESS-SIGN") == signature && Header("CB-ACCESS-PASSPHRASE") == Passphrase
                ? answer(request)
                : Refused(401, "invalid signature");

            string? Header(string name) => request.Headers!.TryGetValue(name, out var values) ? values.First() : null;
        };
}
