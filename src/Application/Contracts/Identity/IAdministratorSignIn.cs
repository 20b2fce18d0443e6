using System.Net;
using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Contracts.Identity;

/// <summary>Lets administrators in to the pages that a browser shows. Their sessions stand among their devices and end like any other.</summary>
public interface IAdministratorSignIn
{
    /// <returns>
    /// The session, or the token that a code is to come with; the same 401 for a wrong address, a wrong password and somebody who is no
    /// administrator; 429 after too many.
    /// </returns>
    Task<Result<AdministratorEntry>> SignInAsync(
        string email,
        string password,
        Visitor visitor,
        CancellationToken cancellationToken
    );

    /// <returns>The session; 401 <c>invalid_code</c> while another code may be tried, <c>invalid_mfa_token</c> when the password is due again.</returns>
    Task<Result<AdministratorSession>> AnswerMfaAsync(
        string mfaToken,
        string code,
        Visitor visitor,
        CancellationToken cancellationToken
    );

    /// <summary>Whether the session has not ended, and its user still is an administrator.</summary>
    Task<bool> IsGoodAsync(AdministratorSession session, CancellationToken cancellationToken);

    Task SignOutAsync(AdministratorSession session, CancellationToken cancellationToken);
}

/// <summary>Who knocks, and how long the session is to last.</summary>
public sealed record Visitor(IPAddress? Address, string? UserAgent, TimeSpan Lifetime);

/// <summary>A session, or where a second factor is on, the token with which a code opens it.</summary>
public sealed record AdministratorEntry(AdministratorSession? Session, string? MfaToken);

public sealed record AdministratorSession(Guid UserId, Guid SessionId);
