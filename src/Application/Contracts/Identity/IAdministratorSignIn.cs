using System.Net;
using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Contracts.Identity;

/// <summary>Lets administrators in to the pages that a browser shows. Their sessions stand among their devices and end like any other.</summary>
public interface IAdministratorSignIn
{
    /// <returns>The session; the same 401 for a wrong address, a wrong password and somebody who is no administrator; 429 after too many.</returns>
    Task<Result<AdministratorSession>> SignInAsync(
        string email,
        string password,
        IPAddress? address,
        string? userAgent,
        TimeSpan lifetime,
        CancellationToken cancellationToken
    );

    /// <summary>Whether the session has not ended, and its user still is an administrator.</summary>
    Task<bool> IsGoodAsync(AdministratorSession session, CancellationToken cancellationToken);

    Task SignOutAsync(AdministratorSession session, CancellationToken cancellationToken);
}

public sealed record AdministratorSession(Guid UserId, Guid SessionId);
