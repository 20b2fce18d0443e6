using System.Security.Claims;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CryptoBeacon.Identity.Security;

/// <summary>Access tokens: JWTs (RFC 9068) of ten minutes that say who, as what and from which session.</summary>
internal sealed class AccessTokens(SigningKeys keys, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public const string Issuer = "crypto-beacon";
    public const string Audience = "crypto-beacon";
    public const string Type = "at+jwt";

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Issue(Guid userId, UserRole role, Guid sessionId)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = Type,
                Issuer = Issuer,
                Audience = Audience,
                IssuedAt = now,
                Expires = now + Lifetime,
                SigningCredentials = keys.Signing,
                Claims = new Dictionary<string, object>
                {
                    [JwtRegisteredClaimNames.Sub] = userId.ToString(),
                    [Access.RoleClaim] = WireName.Of(role),
                    [Access.SessionClaim] = sessionId.ToString(),
                    [JwtRegisteredClaimNames.Jti] = Uuid.New(clock).ToString(),
                },
            }
        );
    }
}

/// <summary>
/// What is asked of a token that a request carries: made by this installation and not by whoever knows its public key, not expired, and of a session
/// that still stands. The role is the one that its user has by now.
/// </summary>
internal sealed class AccessTokenChecks(SigningKeys keys, RememberedTokens tokens, TimeProvider clock)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(tokens);
        options.ForwardDefaultSelector = context =>
            PersonalAccessTokens.IsIn(context.Request) ? PersonalAccessTokens.Scheme : null;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [AccessTokens.Type],
            ValidIssuer = AccessTokens.Issuer,
            ValidAudience = AccessTokens.Audience,
            IssuerSigningKeyResolver = (_, _, kid, _) => keys.Find(kid),
            // The key that kid names, and no other.
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && IsBefore(end),
        };
        options.Events = new JwtBearerEvents { OnTokenValidated = CheckAsync };
    }

    private async Task CheckAsync(TokenValidatedContext context)
    {
        var services = context.HttpContext.RequestServices;
        var claimed = context.Principal!;
        if (
            !Guid.TryParse(claimed.FindFirst(Access.SessionClaim)?.Value, out var sessionId)
            || !Guid.TryParse(claimed.FindFirst(JwtRegisteredClaimNames.Sub)?.Value, out var userId)
        )
        {
            context.Fail("The token names no session.");
            return;
        }

        // One that is remembered was checked for this when it came first.
        if (!IsBefore(context.SecurityToken.ValidTo))
        {
            context.Fail("The token has expired.");
            return;
        }

        // Not given up when the client hangs up: that would be logged as a fault of the token.
        var state = await services
            .GetRequiredService<SessionStates>()
            .FindAsync(sessionId, services.GetRequiredService<Accounts>(), CancellationToken.None);
        if (state is not { IsValid: true } || state.UserId != userId)
        {
            context.Fail("The session has ended.");
            return;
        }

        context.Principal = new ClaimsPrincipal(
            new ClaimsIdentity(
                [
                    claimed.FindFirst(JwtRegisteredClaimNames.Sub)!,
                    claimed.FindFirst(Access.SessionClaim)!,
                    new Claim(Access.RoleClaim, WireName.Of(state.Role)),
                ],
                context.Scheme.Name,
                JwtRegisteredClaimNames.Sub,
                Access.RoleClaim
            )
        );
    }

    private bool IsBefore(DateTime end) => clock.GetUtcNow() < new DateTimeOffset(end, TimeSpan.Zero) + ClockSkew;
}
