using CryptoBeacon.Application.Security;

namespace CryptoBeacon.Infrastructure.Security;

/// <summary>The scope's user; nobody until set.</summary>
public sealed class CurrentUser : ICurrentUser, ICurrentUserSetter
{
    public Guid? IdOrNull { get; private set; }

    public Guid Id => IdOrNull ?? throw new InvalidOperationException("Nobody is signed in here.");

    public bool IsAdmin { get; private set; }

    public Guid? SessionId { get; private set; }

    public void Set(Guid userId, bool isAdmin, Guid? sessionId)
    {
        IdOrNull = userId;
        IsAdmin = isAdmin;
        SessionId = sessionId;
    }
}
