using System.Net;
using System.Text;
using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Connectors.Http;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CryptoBeacon.UnitTests.ApiIntegration.Connectors;

/// <summary>A provider that gives recorded answers, by the path asked for, and remembers what it was asked.</summary>
internal sealed class RecordedProvider : HttpMessageHandler
{
    public static readonly Credentials Key = new("the-key", Convert.ToBase64String("the-secret"u8) + ":the-passphrase");

    private readonly List<(string Path, Func<HttpResponseMessage> Answer)> _answers = [];

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2024, 4, 8, 12, 0, 0, TimeSpan.Zero));

    public List<string> Asked { get; } = [];

    public ProviderApi Api(string name, string address = "https://provider.example/") =>
        new(
            new HttpClient(this),
            new ProviderSite(Guid.Empty, name, new Uri(address), null, null),
            Caller.System,
            budget: null!,
            new UsageLog(null!, Clock, NullLogger<UsageLog>.Instance),
            Clock
        );

    /// <summary>One answer for each time that a path with this beginning is asked for; the last one stays.</summary>
    public RecordedProvider Answers(
        string path,
        string body,
        HttpStatusCode status = HttpStatusCode.OK,
        string? cursor = null
    )
    {
        _answers.Add(
            (
                path,
                () =>
                {
                    var response = new HttpResponseMessage(status)
                    {
                        Content = new StringContent(body, Encoding.UTF8, "application/json"),
                    };
                    if (cursor is not null)
                    {
                        response.Headers.Add("CB-AFTER", cursor);
                    }

                    return response;
                }
            )
        );
        return this;
    }

    /// <summary>A file of real answers: method, path, whether it is signed, and the body.</summary>
    public RecordedProvider Replays(string file)
    {
        var lines = File.ReadAllLines(SharedData.File($"exchange_responses/{file}.txt"));
        return Answers(lines[1], string.Join('\n', lines[3..]));
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var path = request.RequestUri!.PathAndQuery;
        Asked.Add(path);
        var index = _answers.FindIndex(answer => path.StartsWith(answer.Path, StringComparison.Ordinal));
        if (index < 0)
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
        }

        var (beginning, answer) = _answers[index];
        if (_answers.Count(other => other.Path == beginning) > 1)
        {
            _answers.RemoveAt(index);
        }

        return Task.FromResult(answer());
    }
}
