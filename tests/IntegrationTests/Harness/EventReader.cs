using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace CryptoBeacon.IntegrationTests.Harness;

/// <param name="Id">Null where the event carries none.</param>
internal sealed record ServerSentEvent(string? Name, string? Id, JsonNode Data);

/// <summary>Reads an answer of Server-Sent Events as it comes.</summary>
internal sealed class EventReader(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<EventReader> OpenAsync(
        ApiClient client,
        string path,
        params (string Name, string Value)[] headers
    )
    {
        var response = await client.OpenAsync(path, CancellationToken.None, headers);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
        var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        // The comment that says that the stream has begun.
        Assert.That(await reader.ReadLineAsync().WaitAsync(Patience), Does.StartWith(":"));
        return new EventReader(response, reader);
    }

    public async Task<ServerSentEvent> NextAsync()
    {
        string? name = null,
            id = null,
            data = null;
        while (true)
        {
            var line = await reader.ReadLineAsync().WaitAsync(Patience);
            Assert.That(line, Is.Not.Null, "The stream has ended.");
            var field = line!.Split(": ", 2);
            switch (field[0])
            {
                case "event":
                    name = field[1];
                    break;
                case "id":
                    id = field[1];
                    break;
                case "data":
                    data = field[1];
                    break;
                case "" when data is not null:
                    return new ServerSentEvent(name, id, JsonNode.Parse(data)!);
                default:
                    break;
            }
        }
    }

    /// <summary>Whether nothing comes within a while; the stream can't be read after that.</summary>
    public async Task<bool> IsSilentAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        try
        {
            while (await reader.ReadLineAsync(deadline.Token) is { Length: 0 }) { }

            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Reads to the end and says how long that took.</summary>
    public async Task<TimeSpan> EndAsync(TimeSpan? patience = null)
    {
        var started = Stopwatch.GetTimestamp();
        await reader.ReadToEndAsync().WaitAsync(patience ?? Patience);
        return Stopwatch.GetElapsedTime(started);
    }

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
