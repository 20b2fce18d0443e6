using System.Globalization;
using System.Text.Json.Nodes;
using System.Web;
using WireMock;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class PlayedKraken : PlayedExchange
{
    private const int FillsAPage = 50;

    public PlayedKraken()
    {
        Answer("/0/private/GetApiKeyInfo", _ => new(KeyInfo()));
        Answer("/0/private/Balance", _ => new(Recorded("kraken_net/Spot_Account_GetBalances")));
        AnswerFills("/0/private/TradesHistory", request => new(History(request)));
    }

    public override string Name => "kraken";

    public override string Secret => "c2l4dGVlbiBieXRlcyBhbmQgbW9yZSBvZiB0aGVt";

    public bool KeyMayWithdraw { get; set; }

    /// <summary>An error that Kraken answers with instead, such as <c>EAPI:Invalid key</c>.</summary>
    public string? Error
    {
        set => Refusal = value is null ? null : Refused(value);
    }

    /// <summary>The same, instead of the page after <see cref="PlayedExchange.HoldsAfter"/>.</summary>
    public string PageError
    {
        set => PageRefusal = Refused(value);
    }

    /// <summary>It tells of all fills whatever it is asked for.</summary>
    public bool IgnoresTimes { get; set; }

    /// <summary>By id; those that Kraken has given, unless a test has its own.</summary>
    public JsonObject Fills { get; set; } =
        Recorded("kraken_net/Spot_Trading_GetUserTrades")["result"]!["trades"]!.DeepClone().AsObject();

    /// <summary>Purchases, a minute apart, ids <c>F0</c>, <c>F1</c> and so on.</summary>
    public static JsonObject Purchases(int count) =>
        new(
            Enumerable
                .Range(0, count)
                .Select(i =>
                    KeyValuePair.Create<string, JsonNode?>($"F{i}", Fill("XXBTZUSD", 1_700_000_000 + (i * 60)))
                )
        );

    public static JsonObject Fill(
        string pair,
        int time,
        string vol = "0.1",
        string price = "30000.0",
        string fee = "1.5"
    ) =>
        new()
        {
            ["ordertxid"] = "OQCLML-BW3P3-BUCMWZ",
            ["pair"] = pair,
            ["time"] = (decimal)time,
            ["type"] = "buy",
            ["ordertype"] = "limit",
            ["price"] = price,
            ["cost"] = (
                decimal.Parse(vol, CultureInfo.InvariantCulture) * decimal.Parse(price, CultureInfo.InvariantCulture)
            ).ToString(CultureInfo.InvariantCulture),
            ["fee"] = fee,
            ["vol"] = vol,
            ["margin"] = "0.00000",
            ["misc"] = "",
        };

    private JsonNode KeyInfo()
    {
        var info = Recorded("kraken_net/Spot_Account_GetApiKeyInfo");
        if (!KeyMayWithdraw)
        {
            info["result"]!["permissions"] = new JsonArray("query-funds", "query-closed-trades");
        }

        return info;
    }

    private JsonObject History(IRequestMessage request)
    {
        var form = HttpUtility.ParseQueryString(request.Body!);
        var asked = Fills
            .Where(fill =>
                IgnoresTimes
                || (decimal)fill.Value!["time"]! > decimal.Parse(form["start"]!, CultureInfo.InvariantCulture)
                    && (decimal)fill.Value!["time"]! <= decimal.Parse(form["end"]!, CultureInfo.InvariantCulture)
            )
            .OrderByDescending(fill => (decimal)fill.Value!["time"]!)
            .ToList();
        return new JsonObject
        {
            ["error"] = new JsonArray(),
            ["result"] = new JsonObject
            {
                ["count"] = asked.Count,
                ["trades"] = new JsonObject(
                    asked
                        .Skip(int.Parse(form["ofs"]!, CultureInfo.InvariantCulture))
                        .Take(FillsAPage)
                        .Select(fill => KeyValuePair.Create(fill.Key, fill.Value?.DeepClone()))
                ),
            },
        };
    }

    private static PlayedAnswer Refused(string error) => new(new JsonObject { ["error"] = new JsonArray(error) });
}
