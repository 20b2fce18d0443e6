using AutoMapper;
using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Features;

internal sealed record ProviderDto : IVersioned
{
    /// <summary>What a SELECT of this record lists.</summary>
    public const string Columns = """
        id, name, base_url, description, docs_url, auth_method, rate_limit_window, rate_limit_count, is_active, created_at, updated_at,
        xmin as version
        """;

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string BaseUrl { get; init; }

    public string? Description { get; init; }

    public string? DocsUrl { get; init; }

    public string? AuthMethod { get; init; }

    public TimeSpan? RateLimitWindow { get; init; }

    public int? RateLimitCount { get; init; }

    public required bool IsActive { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public uint Version { get; init; }

    internal sealed class Mapping : Profile
    {
        public Mapping() => CreateMap<ApiProvider, ProviderDto>();
    }
}
