using CryptoBeacon.Identity.Features;
using CryptoBeacon.Identity.Persistence;

namespace CryptoBeacon.Identity.Security;

/// <summary>What every way of signing in ends with.</summary>
internal sealed class SessionOpening(Accounts accounts, AccessTokens accessTokens, RefreshTokens refreshTokens)
{
    /// <returns>Null: what was verified is not good any more.</returns>
    public async Task<TokensDto?> OpenAsync(
        Credentials account,
        string? strongerHash,
        Device device,
        CancellationToken cancellationToken
    )
    {
        var token = refreshTokens.Make(Uuid.New(), generation: 1);
        return await accounts.OpenSessionAsync(
            account,
            strongerHash,
            token,
            device,
            RefreshTokens.Lifetime,
            cancellationToken
        )
            ? TokensDto.Of(accessTokens, account.Id, account.Role, token)
            : null;
    }
}
