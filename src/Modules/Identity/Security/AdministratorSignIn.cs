using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;

namespace CryptoBeacon.Identity.Security;

/// <summary>By the same throttles and sessions as everybody's, with a refresh token that nobody is given.</summary>
internal sealed class AdministratorSignIn(
    PasswordAttempts attempts,
    SecondFactor secondFactor,
    Accounts accounts,
    RefreshTokens refreshTokens,
    SessionStates sessions
) : IAdministratorSignIn
{
    public async Task<Result<AdministratorEntry>> SignInAsync(
        string email,
        string password,
        Visitor visitor,
        CancellationToken cancellationToken
    )
    {
        if (!EmailAddress.IsValid(email))
        {
            return IdentityErrors.InvalidCredentials;
        }

        var check = await attempts.CheckAsync(email, password, DeviceOf(visitor), cancellationToken);
        if (!check.IsSuccess)
        {
            return check.Error;
        }

        var account = check.Value;
        if (account.Role != UserRole.Admin)
        {
            return IdentityErrors.InvalidCredentials;
        }

        return await secondFactor.ChallengeAsync(account, strongerHash: null, cancellationToken) is { } mfaToken
                ? new AdministratorEntry(null, mfaToken)
            : await OpenAsync(account, visitor, cancellationToken) is { } session
                ? new AdministratorEntry(session, null)
            : IdentityErrors.InvalidCredentials;
    }

    public async Task<Result<AdministratorSession>> AnswerMfaAsync(
        string mfaToken,
        string code,
        Visitor visitor,
        CancellationToken cancellationToken
    )
    {
        var account = await secondFactor.AnswerAsync(mfaToken, code, cancellationToken);
        if (!account.IsSuccess)
        {
            return account.Error;
        }

        return
            account.Value.Role == UserRole.Admin
            && await OpenAsync(account.Value, visitor, cancellationToken) is { } session
            ? session
            : IdentityErrors.InvalidMfaToken;
    }

    public async Task<bool> IsGoodAsync(AdministratorSession session, CancellationToken cancellationToken) =>
        await sessions.FindAsync(session.SessionId, accounts, cancellationToken)
            is { IsValid: true, Role: UserRole.Admin } state
        && state.UserId == session.UserId;

    public async Task SignOutAsync(AdministratorSession session, CancellationToken cancellationToken)
    {
        await accounts.EndSessionAsync(TokenOf(session.SessionId), cancellationToken);
        sessions.Forget(session.SessionId);
    }

    private async Task<AdministratorSession?> OpenAsync(
        Credentials account,
        Visitor visitor,
        CancellationToken cancellationToken
    )
    {
        var token = TokenOf(Uuid.New());
        return await accounts.OpenSessionAsync(
            account,
            strongerHash: null,
            token,
            DeviceOf(visitor),
            visitor.Lifetime,
            cancellationToken
        )
            ? new AdministratorSession(account.Id, token.SessionId)
            : null;
    }

    private static Device DeviceOf(Visitor visitor) => Device.Of(visitor.Address, visitor.UserAgent);

    private RefreshToken TokenOf(Guid sessionId) => refreshTokens.Make(sessionId, generation: 1);
}
