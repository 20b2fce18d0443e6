using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using WireMock;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>It looks at signatures, as Binance does.</summary>
internal sealed class PlayedBinance : PlayedExchange
{
    public PlayedBinance()
    {
        Answer("/api/v3/exchangeInfo", _ => new(Markets("BNB/BTC", "ETH/BTC", "BTC/USDT")));
        Answer("/sapi/v1/account/apiRestrictions", Signed(_ => KeyInfo()));
        Answer("/api/v3/account", Signed(_ => Recorded("binance_net/Spot_Account_GetAccountInfo")));
        AnswerFills("/api/v3/myTrades", Signed(Page));
    }

    public override string Name => "binance";

    public override string Secret => "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

    public bool KeyMayWithdraw { get; set; }

    /// <summary>It tells of the first fills whatever it is asked for.</summary>
    public bool IgnoresPosition { get; set; }

    /// <summary>Those that Binance has given, unless a test has its own.</summary>
    public List<JsonObject> Fills { get; } =
    [.. Recorded("binance_net/Spot_Trading_GetUserTrades").AsArray().Select(fill => fill!.AsObject())];

    public static JsonObject Fill(
        int id,
        string symbol = "BTCUSDT",
        string quantity = "0.1",
        string fee = "0.0001",
        string feeCoin = "BTC"
    ) =>
        new()
        {
            ["symbol"] = symbol,
            ["id"] = id,
            ["orderId"] = 100234,
            ["price"] = "30000.00000000",
            ["qty"] = quantity,
            ["quoteQty"] = (decimal.Parse(quantity, CultureInfo.InvariantCulture) * 30_000).ToString(
                CultureInfo.InvariantCulture
            ),
            ["commission"] = fee,
            ["commissionAsset"] = feeCoin,
            ["time"] = 1_600_000_000_000 + (id * 1000L),
            ["isBuyer"] = true,
            ["isMaker"] = false,
            ["isBestMatch"] = true,
        };

    public static PlayedAnswer Refused(int code, int status = 400, params (string, string)[] headers) =>
        new(new JsonObject { ["code"] = code, ["msg"] = "Way too much of it." }, status, headers);

    private static JsonObject Markets(params string[] pairs) =>
        new()
        {
            ["symbols"] = new JsonArray([
                .. pairs
                    .Select(pair => pair.Split('/'))
                    .Select(pair => new JsonObject
                    {
                        ["symbol"] = pair[0] + pair[1],
                        ["baseAsset"] = pair[0],
                        ["quoteAsset"] = pair[1],
                    }),
            ]),
        };

    private JsonNode KeyInfo()
    {
        var info = Recorded("binance_net/Spot_Account_GetAPIKeyPermissions");
        info["enableWithdrawals"] = KeyMayWithdraw;
        return info;
    }

    private JsonArray Page(IRequestMessage request)
    {
        var query = HttpUtility.ParseQueryString(new Uri(request.Url).Query);
        return new JsonArray([
            .. Fills
                .Where(fill =>
                    fill["symbol"]!.ToString() == query["symbol"]
                    && (
                        IgnoresPosition || (int)fill["id"]! >= int.Parse(query["fromId"]!, CultureInfo.InvariantCulture)
                    )
                )
                .OrderBy(fill => (int)fill["id"]!)
                .Take(int.Parse(query["limit"]!, CultureInfo.InvariantCulture))
                .Select(fill => fill.DeepClone()),
        ]);
    }

    private Func<IRequestMessage, PlayedAnswer> Signed(Func<IRequestMessage, JsonNode> answer) =>
        request =>
        {
            var query = new Uri(request.Url).Query.TrimStart('?').Split("&signature=");
            var signature = Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(query[0]))
            );
            return query.ElementAtOrDefault(1) == signature ? new(answer(request)) : Refused(-1022);
        };
}
