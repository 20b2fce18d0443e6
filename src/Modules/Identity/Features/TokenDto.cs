using System.Text.Json.Serialization;

namespace CryptoBeacon.Identity.Features;

/// <summary>A personal access token as its owner sees it.</summary>
internal sealed record TokenDto : IVersioned
{
    /// <summary>What can be written of a token is written when it is made.</summary>
    public const uint OnlyVersion = 1;

    /// <summary>The columns of <c>identity.personal_access_tokens</c> that make this answer.</summary>
    public const string Columns = "id, name, scopes, created_at, last_used_at, expires_at";

    uint IVersioned.Version => OnlyVersion;

    public Guid Id { get; init; }

    public required string Name { get; init; }

    public required string[] Scopes { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The token itself: in the answer to its making alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }
}
