using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;
using WireMock;
using WireMock.Matchers;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Types;
using WireMock.Util;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>What a played exchange answers.</summary>
internal sealed record PlayedAnswer(JsonNode Body, int Status = 200, params (string Name, string Value)[] Headers);

/// <summary>An exchange on the loopback address: it replays answers that it has given, and tells fills page by page in its way.</summary>
internal abstract class PlayedExchange : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly SemaphoreSlim _held = new(0);
    private int _asked;

    /// <summary>As the provider's row has it.</summary>
    public abstract string Name { get; }

    /// <summary>Of a key, as the exchange gives it out.</summary>
    public abstract string Secret { get; }

    public string Url => _server.Url!;

    /// <summary>What it answers with instead, to everything; null: nothing is wrong.</summary>
    public PlayedAnswer? Refusal { get; set; }

    /// <summary>After so many pages of fills the next one waits for <see cref="Release"/>, or is <see cref="PageRefusal"/>.</summary>
    public int HoldsAfter { get; set; } = int.MaxValue;

    public PlayedAnswer? PageRefusal { get; set; }

    public int PagesGiven { get; private set; }

    /// <summary>Those that wait to be given are among them.</summary>
    public int PagesAsked => _asked;

    public IEnumerable<IRequestMessage> Requests => _server.LogEntries.Select(entry => entry.RequestMessage!);

    public void Release() => _held.Release(1000);

    public void Dispose()
    {
        Release();
        _server.Dispose();
        _held.Dispose();
    }

    protected void Answer(string path, Func<IRequestMessage, PlayedAnswer> answer) =>
        _server
            .Given(Request.Create().WithPath(new ExactMatcher(path)))
            .RespondWith(Response.Create().WithCallback(request => ToResponse(Refusal ?? answer(request))));

    protected void AnswerFills(string path, Func<IRequestMessage, PlayedAnswer> page) =>
        Answer(
            path,
            request =>
            {
                Interlocked.Increment(ref _asked);
                if (PagesGiven >= HoldsAfter)
                {
                    if (PageRefusal is not null)
                    {
                        return PageRefusal;
                    }

                    _held.Wait(TimeSpan.FromSeconds(60));
                }

                var answer = page(request);
                PagesGiven++;
                return answer;
            }
        );

    /// <summary>A file of real answers: method, path, whether it is signed, and the body.</summary>
    protected static JsonNode Recorded(string name)
    {
        var lines = File.ReadAllLines(SharedData.File($"exchange_responses/{name}.txt"));
        return JsonNode.Parse(string.Join('\n', lines[3..]))!;
    }

    private static ResponseMessage ToResponse(PlayedAnswer answer) =>
        new()
        {
            StatusCode = answer.Status,
            Headers = answer
                .Headers.Append(("Content-Type", "application/json"))
                .ToDictionary(header => header.Item1, header => new WireMockList<string>(header.Item2)),
            BodyData = new BodyData { DetectedBodyType = BodyType.String, BodyAsString = answer.Body.ToJsonString() },
        };
}
