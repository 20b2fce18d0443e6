using System.Buffers;
using System.Text;
using System.Text.Json;
using CryptoBeacon.Application.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CryptoBeacon.Application.Http;

/// <summary>Server-Sent Events: an answer that goes on, each event written out as it happens.</summary>
public sealed class EventStream
{
    public const string MediaType = "text/event-stream";

    /// <summary>How long a stream may be silent; proxies and clients take longer for a broken connection.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly HttpResponse _response;

    private EventStream(HttpResponse response) => _response = response;

    public static async Task<EventStream> OpenAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var response = context.Response;
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-cache, no-store";
        // What nginx and others that buffer answers go by.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        var stream = new EventStream(response);
        await stream.SendHeartbeatAsync(cancellationToken);
        return stream;
    }

    public Task SendAsync<T>(string name, string id, T data, CancellationToken cancellationToken) =>
        WriteAsync(
            $"event: {name}\nid: {id}\ndata: {JsonSerializer.Serialize(data, BeaconJson.Options)}\n\n",
            cancellationToken
        );

    /// <summary>Events that are written already, all at once; back when the client has taken them, or its connection has room for them.</summary>
    public async Task SendAsync(IEnumerable<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        foreach (var text in events)
        {
            _response.BodyWriter.Write(text.Span);
        }

        await _response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>A comment, which clients ignore.</summary>
    public Task SendHeartbeatAsync(CancellationToken cancellationToken) => WriteAsync(": \n\n", cancellationToken);

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await _response.WriteAsync(text, Encoding.UTF8, cancellationToken);
        await _response.Body.FlushAsync(cancellationToken);
    }
}
