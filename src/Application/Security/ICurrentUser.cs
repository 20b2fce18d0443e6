using System.Net;

namespace CryptoBeacon.Application.Security;

/// <summary>On whose behalf this scope runs. Asking for the id where nobody is signed in throws, so that what forgets to check fails closed.</summary>
public interface ICurrentUser
{
    Guid Id { get; }

    Guid? IdOrNull { get; }

    bool IsAdmin { get; }

    /// <summary>The signed-in device; null for jobs and tokens.</summary>
    Guid? SessionId { get; }
}

/// <summary>Sets the scope's user: the authentication of a request, or a job that works for one user.</summary>
public interface ICurrentUserSetter
{
    void Set(Guid userId, bool isAdmin, Guid? sessionId);

    /// <summary>Where the request comes from, whoever sends it: for the audit trail.</summary>
    void ComesFrom(IPAddress? address);
}
