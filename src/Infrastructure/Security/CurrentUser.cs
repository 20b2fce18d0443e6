using System.Net;
using CryptoBeacon.Application.Security;

namespace CryptoBeacon.Infrastructure.Security;

/// <summary>The scope's user; nobody until set.</summary>
public sealed class CurrentUser : ICurrentUser, ICurrentUserSetter
{
    public Guid? IdOrNull { get; private set; }

    public Guid Id => IdOrNull ?? throw new InvalidOperationException("Nobody is signed in here.");

    public bool IsAdmin { get; private set; }

    public Guid? SessionId { get; private set; }

    /// <summary>From where the request came; null for what no request asked for.</summary>
    public IPAddress? Address { get; private set; }

    public void Set(Guid userId, bool isAdmin, Guid? sessionId)
    {
        IdOrNull = userId;
        IsAdmin = isAdmin;
        SessionId = sessionId;
    }

    public void ComesFrom(IPAddress? address) =>
        Address = address switch
        {
            null => null,
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
            // Without the zone, which means something on this machine alone.
            _ => new IPAddress(address.GetAddressBytes()),
        };
}
