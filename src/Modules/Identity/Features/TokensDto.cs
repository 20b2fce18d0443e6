using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

/// <summary>What a client signs its requests with (RFC 6749, section 5.1, in camelCase).</summary>
internal sealed record TokensDto
{
    public required string AccessToken { get; init; }

    public string TokenType { get; init; } = "Bearer";

    /// <summary>Seconds.</summary>
    public int ExpiresIn { get; init; }

    public required string RefreshToken { get; init; }

    /// <summary>Seconds.</summary>
    public int RefreshExpiresIn { get; init; }

    public static TokensDto Of(AccessTokens accessTokens, Guid userId, UserRole role, RefreshToken refreshToken) =>
        new()
        {
            AccessToken = accessTokens.Issue(userId, role, refreshToken.SessionId),
            ExpiresIn = (int)AccessTokens.Lifetime.TotalSeconds,
            RefreshToken = refreshToken.Text,
            RefreshExpiresIn = (int)RefreshTokens.Lifetime.TotalSeconds,
        };
}
