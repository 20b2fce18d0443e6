using AutoMapper;
using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>A key as its owner reads it: never what it is, but for its end.</summary>
internal sealed record ApiKeyDto : IVersioned
{
    /// <summary>What a SELECT of this record lists.</summary>
    public const string Columns = """
        id, provider_id, name, masked as api_key_masked, api_secret is not null as has_secret, permissions, permissions_checked,
        sync_portfolio_id, is_active, last_used, created_at, updated_at, revision as version
        """;

    public required Guid Id { get; init; }

    public required Guid ProviderId { get; init; }

    public required string Name { get; init; }

    /// <summary>Such as <c>****3f9a</c>.</summary>
    public required string ApiKeyMasked { get; init; }

    public required bool HasSecret { get; init; }

    public string[]? Permissions { get; init; }

    /// <summary>Whether the exchange has said that the key can't withdraw; false: it could not be asked.</summary>
    public required bool PermissionsChecked { get; init; }

    /// <summary>The portfolio into which every night the account's new fills are taken; null: none.</summary>
    public Guid? SyncPortfolioId { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>When the exchange was called with it last.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public uint Version { get; init; }

    internal sealed class Mapping : Profile
    {
        public Mapping() =>
            CreateMap<ApiKey, ApiKeyDto>()
                .ForMember(dto => dto.ApiKeyMasked, map => map.MapFrom(key => key.Masked))
                .ForMember(dto => dto.HasSecret, map => map.MapFrom(key => key.SealedSecret != null))
                // Not told is not the same as none.
                .ForMember(dto => dto.Permissions, map => map.AllowNull());
    }
}
