using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace CryptoBeacon.Application.Security;

/// <summary>What a token may be narrowed to (api.md, personal access tokens). A signed-in session has all of them.</summary>
public static class Scopes
{
    public const string Read = "read";
    public const string PortfoliosWrite = "portfolios:write";
    public const string WatchlistsWrite = "watchlists:write";
    public const string TradesWrite = "trades:write";
    public const string AlertsWrite = "alerts:write";
    public const string ModelsWrite = "models:write";
    public const string KeysWrite = "keys:write";

    public static readonly IReadOnlyList<string> All =
    [
        Read,
        PortfoliosWrite,
        WatchlistsWrite,
        TradesWrite,
        AlertsWrite,
        ModelsWrite,
        KeysWrite,
    ];
}

public static class Access
{
    public const string AdminRole = "admin";
    public const string AdminPolicy = "admin";
    public const string SessionPolicy = "session";
    public const string ScopeClaim = "scope";
    public const string SessionClaim = "sid";
    public const string RoleClaim = "role";

    /// <summary>Needs a signed-in user whose token has this scope.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ScopeMetadata(scope)).RequireAuthorization(scope);

    /// <summary>Needs a person who has signed in: a token made for a program may not touch credentials, whatever its scopes.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ScopeMetadata(SessionPolicy)).RequireAuthorization(SessionPolicy);

    /// <summary>Needs a signed-in administrator.</summary>
    public static TBuilder RequireAdmin<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new ScopeMetadata(AdminPolicy)).RequireAuthorization(AdminPolicy);

    public static void AddPolicies(AuthorizationBuilder authorization)
    {
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(
                scope,
                policy =>
                    policy
                        .RequireAuthenticatedUser()
                        .RequireAssertion(context =>
                            // Only narrowed tokens carry scopes.
                            !context.User.HasClaim(claim => claim.Type == ScopeClaim)
                            || context.User.HasClaim(ScopeClaim, scope)
                        )
            );
        }

        authorization.AddPolicy(SessionPolicy, policy => policy.RequireAuthenticatedUser().RequireClaim(SessionClaim));
        authorization.AddPolicy(AdminPolicy, policy => policy.RequireAuthenticatedUser().RequireRole(AdminRole));
    }
}

/// <summary>The scope that an endpoint asks for, for the OpenAPI document.</summary>
public sealed record ScopeMetadata(string Scope);
