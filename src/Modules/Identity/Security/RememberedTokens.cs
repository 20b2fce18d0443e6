using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// Remembers tokens that were found to be ours: a signature, once checked, stays right, and checking it takes longer than most of what is asked with it. Only
/// genuine ones are kept, by their whole text, so that nobody can fill this who was not signed in. Whether one has expired or its session has ended is not
/// remembered but asked each time (<see cref="AccessTokenChecks"/>), and a signing key is given up only when it has no tokens left.
/// </summary>
internal sealed class RememberedTokens : JsonWebTokenHandler, IDisposable
{
    private const int AtMost = 10_000;

    private readonly MemoryCache _genuine = new(new MemoryCacheOptions { SizeLimit = AtMost });

    public RememberedTokens() => MapInboundClaims = false;

    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token,
        TokenValidationParameters validationParameters
    )
    {
        if (_genuine.TryGetValue(token, out TokenValidationResult? known))
        {
            return known!;
        }

        var checkedNow = await base.ValidateTokenAsync(token, validationParameters);
        if (checkedNow.IsValid)
        {
            _genuine.Set(
                token,
                checkedNow,
                new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = AccessTokens.Lifetime }
            );
        }

        return checkedNow;
    }

    public void Dispose() => _genuine.Dispose();
}
