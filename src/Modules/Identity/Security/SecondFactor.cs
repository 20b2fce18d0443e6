using System.Buffers.Text;
using System.Security.Cryptography;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// The one place where codes are checked. Each is good once, on whichever server it is shown. Wrong ones are counted for the user as a whole:
/// who gets here knows the password, and must not guess on from a thousand addresses.
/// </summary>
internal sealed class SecondFactor(
    MfaMethods methods,
    Accounts accounts,
    IFieldCipher cipher,
    ThrottleKeys throttles,
    ICurrentUserSetter currentUser,
    TimeProvider clock
)
{
    private const int TokenSize = 32;
    private const int CodeAllowance = 10;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);

    // The right one after five wrong ones still is.
    private const int AttemptsOfToken = 6;

    /// <summary>After a right password.</summary>
    /// <returns>The token that a code is to come with; null: there is no second factor.</returns>
    public async Task<string?> ChallengeAsync(
        Credentials account,
        string? strongerHash,
        CancellationToken cancellationToken
    )
    {
        var token = RandomNumberGenerator.GetBytes(TokenSize);
        return await accounts.BeginMfaAsync(
            SHA256.HashData(token),
            account,
            strongerHash,
            clock.UtcNow() + TokenLifetime,
            cancellationToken
        )
            ? Base64Url.EncodeToString(token)
            : null;
    }

    /// <returns>Whose password and code are both right now.</returns>
    public async Task<Result<Credentials>> AnswerAsync(string token, string code, CancellationToken cancellationToken)
    {
        if (
            !Base64Url.IsValid(token, out var size)
            || size != TokenSize
            || SHA256.HashData(Base64Url.DecodeFromChars(token)) is not { } hash
            || await accounts.AttemptMfaAsync(hash, AttemptsOfToken, cancellationToken) is not { } account
        )
        {
            return IdentityErrors.InvalidMfaToken;
        }

        // Row-level security shows the secret to nobody else.
        currentUser.Set(account.Id, isAdmin: false, sessionId: null);
        var check = await CheckAsync(account.Id, code, cancellationToken);
        if (!check.IsSuccess)
        {
            return check.Error;
        }

        return await accounts.SpendMfaAsync(hash, cancellationToken) ? account : IdentityErrors.InvalidMfaToken;
    }

    /// <summary>Of the current user: a code of the authenticator app, or a recovery code. It is spent.</summary>
    public async Task<Result> CheckAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        var throttle = throttles.Of("mfa", userId.ToString());
        if (await accounts.BeginAttemptAsync(throttle, CodeAllowance, cancellationToken) is { } blocked)
        {
            return IdentityErrors.TooManyAttempts(blocked - clock.UtcNow());
        }

        if (!await SpendAsync(userId, code, cancellationToken))
        {
            return IdentityErrors.InvalidCode;
        }

        await accounts.ForgiveAttemptsAsync(throttle, cancellationToken);
        return Result.Success;
    }

    /// <summary>As <see cref="CheckAsync"/>, for somebody who is signed in: a wrong code is a wrong field.</summary>
    public async Task<Result> RequireAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        if (await methods.FindAsync(userId, cancellationToken) is not { IsConfirmed: true })
        {
            return IdentityErrors.MfaIsOff;
        }

        var check = await CheckAsync(userId, code, cancellationToken);
        return check.Error == IdentityErrors.InvalidCode ? Error.Invalid("code", "is wrong or was used before") : check;
    }

    private async Task<bool> SpendAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        if (!Totp.HasForm(code))
        {
            return await methods.SpendRecoveryCodeAsync(userId, RecoveryCodes.Hash(code), cancellationToken);
        }

        return await methods.FindAsync(userId, cancellationToken) is { IsConfirmed: true } method
            && Totp.FindStep(Open(method, userId), code, clock.GetUtcNow()) is { } step
            && await methods.SpendStepAsync(userId, step, cancellationToken);
    }

    public byte[] Seal(byte[] secret, Guid userId) => cipher.Seal(secret, MfaMethods.SecretOf(userId));

    public byte[] Open(MfaMethod method, Guid userId) => cipher.Open(method.Secret, MfaMethods.SecretOf(userId));
}
