using System.Net;
using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.Domain;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;

namespace CryptoBeacon.Identity.Security;

/// <summary>By the same throttles and sessions as everybody's, with a refresh token that nobody is given.</summary>
internal sealed class AdministratorSignIn(
    PasswordAttempts attempts,
    Accounts accounts,
    RefreshTokens refreshTokens,
    SessionStates sessions
) : IAdministratorSignIn
{
    public async Task<Result<AdministratorSession>> SignInAsync(
        string email,
        string password,
        IPAddress? address,
        string? userAgent,
        TimeSpan lifetime,
        CancellationToken cancellationToken
    )
    {
        if (!EmailAddress.IsValid(email))
        {
            return IdentityErrors.InvalidCredentials;
        }

        var device = Device.Of(address, userAgent);
        var check = await attempts.CheckAsync(email, password, device, cancellationToken);
        if (!check.IsSuccess)
        {
            return check.Error;
        }

        var account = check.Value;
        var token = TokenOf(Uuid.New());
        return
            account.Role == UserRole.Admin
            && await accounts.OpenSessionAsync(account, strongerHash: null, token, device, lifetime, cancellationToken)
            ? new AdministratorSession(account.Id, token.SessionId)
            : IdentityErrors.InvalidCredentials;
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

    private RefreshToken TokenOf(Guid sessionId) => refreshTokens.Make(sessionId, generation: 1);
}
