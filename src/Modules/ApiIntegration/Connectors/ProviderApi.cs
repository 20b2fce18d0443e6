namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>Where calls go and how fast: a provider's row, as far as calls need it.</summary>
/// <param name="RateLimitCount">Weight allowed within <paramref name="RateLimitWindow"/>; null: no limit is known.</param>
internal sealed record ProviderSite(Guid Id, string Name, Uri BaseUrl, TimeSpan? RateLimitWindow, int? RateLimitCount);

/// <summary>In whose name calls are made: each is a row of <c>api_usage</c>.</summary>
internal sealed record Caller(Guid UserId, Guid? ApiKeyId)
{
    /// <summary>The installation's own polls: the disabled system user of the identity schema.</summary>
    public static readonly Caller System = new(new Guid("00000000-0000-7000-8000-000000000001"), null);
}

/// <summary>One provider's API for one caller.</summary>
internal sealed class ProviderApi(HttpClient http, ProviderSite site, Caller caller)
{
    public ProviderSite Site => site;

    public Caller Caller => caller;

    public HttpClient Http => http;
}
