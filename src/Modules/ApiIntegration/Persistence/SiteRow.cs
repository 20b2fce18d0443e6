using CryptoBeacon.ApiIntegration.Connectors;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>A provider's row, as far as calls need it.</summary>
internal record SiteRow
{
    /// <summary>Of <c>provider</c>. The window in seconds, since a month is no span of time.</summary>
    public const string Columns = """
        provider.id as provider_id, provider.name as provider_name, provider.base_url, provider.rate_limit_count,
        make_interval(secs => extract(epoch from provider.rate_limit_window)) as rate_limit_window
        """;

    public Guid ProviderId { get; init; }

    public required string ProviderName { get; init; }

    public required string BaseUrl { get; init; }

    public TimeSpan? RateLimitWindow { get; init; }

    public int? RateLimitCount { get; init; }

    public ProviderSite ToSite() => new(ProviderId, ProviderName, new Uri(BaseUrl), RateLimitWindow, RateLimitCount);
}
