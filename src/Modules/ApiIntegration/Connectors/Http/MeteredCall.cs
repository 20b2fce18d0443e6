using System.Net;

namespace CryptoBeacon.ApiIntegration.Connectors.Http;

/// <summary>What goes with a request through the handlers: whose it is, and the record of its last attempt.</summary>
internal sealed class MeteredCall(ProviderCall call, ProviderSite site, Caller caller, Uri address)
{
    /// <summary>Binance's answer to whoever goes on after a 429.</summary>
    public const HttpStatusCode Banned = (HttpStatusCode)418;

    private const int MaxEndpoint = 2000;

    public static readonly HttpRequestOptionsKey<MeteredCall> Key = new(nameof(MeteredCall));

    public ProviderCall Call => call;

    public ProviderSite Site => site;

    /// <summary>Made for everybody, by the installation itself.</summary>
    public bool IsOwn => caller.UserId == Caller.System.UserId;

    /// <summary>Without what a signature adds.</summary>
    public Uri Address => address;

    /// <summary>Of the attempt under way or the last one; null before the first.</summary>
    public UsageEntry? Entry { get; private set; }

    public UsageEntry Begin(DateTimeOffset at) =>
        Entry = new UsageEntry
        {
            UserId = caller.UserId,
            ProviderId = site.Id,
            ApiKeyId = caller.ApiKeyId,
            Endpoint = Cut($"{call.Method} {call.Path}"),
            At = at,
            Attempt = (Entry?.Attempt ?? 0) + 1,
            Weight = call.Weight,
        };

    private static string Cut(string endpoint) => endpoint.Length <= MaxEndpoint ? endpoint : endpoint[..MaxEndpoint];
}

/// <summary>A row of <c>api_usage</c>.</summary>
internal sealed record UsageEntry
{
    public Guid Id { get; } = Uuid.New();

    public required Guid UserId { get; init; }

    public required Guid ProviderId { get; init; }

    public required Guid? ApiKeyId { get; init; }

    public required string Endpoint { get; init; }

    public required DateTimeOffset At { get; init; }

    public required int Attempt { get; init; }

    public required int Weight { get; init; }

    public int? Milliseconds { get; set; }

    public int? StatusCode { get; set; }

    public string? Error { get; set; }
}
