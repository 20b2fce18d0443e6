using CryptoBeacon.Application.Security;

namespace CryptoBeacon.WebApi.Http;

/// <summary>Hands the authenticated user and the address to the scope, from where they reach row-level security and the audit trail.</summary>
internal sealed class SignedInUser(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context, ICurrentUserSetter currentUser)
    {
        currentUser.ComesFrom(context.Connection.RemoteIpAddress);
        var user = context.User;
        if (user.Identity is { IsAuthenticated: true } && Guid.TryParse(user.FindFirst("sub")?.Value, out var id))
        {
            currentUser.Set(
                id,
                user.HasClaim(Access.RoleClaim, Access.AdminRole),
                Guid.TryParse(user.FindFirst(Access.SessionClaim)?.Value, out var session) ? session : null
            );
        }

        return next(context);
    }
}
