using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using CryptoBeacon.IntegrationTests.Harness;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Types;
using WireMock.Util;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>Kraken on the loopback address: it replays answers that Kraken has given, and tells fills page by page as Kraken does.</summary>
internal sealed class PlayedKraken : IDisposable
{
    private const string Folder = "exchange_responses/kraken_net";
    private const int FillsAPage = 50;

    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly SemaphoreSlim _held = new(0);
    private int _asked;

    public PlayedKraken()
    {
        AnswerAlways("/0/private/GetApiKeyInfo", _ => KeyInfo());
        AnswerAlways("/0/private/Balance", _ => Recorded("Spot_Account_GetBalances"));
        AnswerAlways("/0/private/TradesHistory", History);
    }

    public string Url => _server.Url!;

    public bool KeyMayWithdraw { get; set; }

    /// <summary>An error that Kraken answers with instead, such as <c>EAPI:Invalid key</c>.</summary>
    public string? Error { get; set; }

    /// <summary>After so many pages of fills the next one waits for <see cref="Release"/>, or is <see cref="PageError"/>.</summary>
    public int HoldsAfter { get; set; } = int.MaxValue;

    public string? PageError { get; set; }

    public int PagesGiven { get; private set; }

    /// <summary>Those that wait to be given are among them.</summary>
    public int PagesAsked => _asked;

    /// <summary>By id; those that Kraken has given, unless a test has its own.</summary>
    public JsonObject Fills { get; set; } =
        Recorded("Spot_Trading_GetUserTrades")["result"]!["trades"]!.DeepClone().AsObject();

    public IEnumerable<IRequestMessage> Requests => _server.LogEntries.Select(entry => entry.RequestMessage!);

    public void Release() => _held.Release(1000);

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

    public void Dispose()
    {
        Release();
        _server.Dispose();
        _held.Dispose();
    }

    private JsonNode KeyInfo()
    {
        var info = Recorded("Spot_Account_GetApiKeyInfo");
        if (!KeyMayWithdraw)
        {
            info["result"]!["permissions"] = new JsonArray("query-funds", "query-closed-trades");
        }

        return info;
    }

    private JsonNode History(IRequestMessage request)
    {
        Interlocked.Increment(ref _asked);
        var form = HttpUtility.ParseQueryString(request.Body!);
        var offset = int.Parse(form["ofs"]!, CultureInfo.InvariantCulture);
        if (PagesGiven >= HoldsAfter)
        {
            if (PageError is not null)
            {
                return Refusal(PageError);
            }

            _held.Wait(TimeSpan.FromSeconds(30));
        }

        var asked = Fills
            .Where(fill =>
                (decimal)fill.Value!["time"]! > decimal.Parse(form["start"]!, CultureInfo.InvariantCulture)
                && (decimal)fill.Value!["time"]! <= decimal.Parse(form["end"]!, CultureInfo.InvariantCulture)
            )
            .OrderByDescending(fill => (decimal)fill.Value!["time"]!)
            .ToList();
        PagesGiven++;
        return new JsonObject
        {
            ["error"] = new JsonArray(),
            ["result"] = new JsonObject
            {
                ["count"] = asked.Count,
                ["trades"] = new JsonObject(
                    asked
                        .Skip(offset)
                        .Take(FillsAPage)
                        .Select(fill => KeyValuePair.Create(fill.Key, fill.Value?.DeepClone()))
                ),
            },
        };
    }

    private void AnswerAlways(string path, Func<IRequestMessage, JsonNode> answer) =>
        _server
            .Given(Request.Create().WithPath(path).UsingPost())
            .RespondWith(
                Response
                    .Create()
                    .WithCallback(request => new ResponseMessage
                    {
                        StatusCode = 200,
                        Headers = new Dictionary<string, WireMockList<string>>
                        {
                            ["Content-Type"] = new("application/json"),
                        },
                        BodyData = new BodyData
                        {
                            DetectedBodyType = BodyType.String,
                            BodyAsString = (Error is { } error ? Refusal(error) : answer(request)).ToJsonString(),
                        },
                    })
            );

    private static JsonObject Refusal(string error) => new() { ["error"] = new JsonArray(error) };

    /// <summary>A file of real answers: method, path, whether it is signed, and the body.</summary>
    private static JsonNode Recorded(string name)
    {
        var lines = File.ReadAllLines(SharedData.File($"{Folder}/{name}.txt"));
        return JsonNode.Parse(string.Join('\n', lines[3..]), documentOptions: new JsonDocumentOptions())!;
    }
}
