using System.Text.Json.Nodes;
using AutoMapper;
using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.Identity.Features;

/// <summary>An account as its owner sees it.</summary>
internal record UserDto : IVersioned
{
    /// <summary>The columns of <c>identity.users</c> that make this answer.</summary>
    public const string Columns = """
        id, email, email_verified, display_name, role, coalesce(preferences, '{}') as preferences, mfa_enabled,
        created_at, updated_at, last_login, revision as version
        """;

    public Guid Id { get; init; }

    public required string Email { get; init; }

    public bool EmailVerified { get; init; }

    public string? DisplayName { get; init; }

    public UserRole Role { get; init; }

    public required JsonObject Preferences { get; init; }

    public bool MfaEnabled { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? LastLogin { get; init; }

    public uint Version { get; init; }

    private sealed class Mapping : Profile
    {
        public Mapping()
        {
            CreateMap<User, UserDto>();
            CreateMap<string, JsonObject>()
                .ConvertUsing(json => JsonNode.Parse(json ?? "{}", null, default)!.AsObject());
        }
    }
}
