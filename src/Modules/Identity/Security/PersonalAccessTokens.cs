using System.Buffers.Text;
using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CryptoBeacon.Identity.Security;

/// <summary>Tokens for programs. The prefix is for whoever finds one in a file, scanners of secrets among them.</summary>
internal static class PersonalAccessTokens
{
    public const string Scheme = "personal access token";
    public const string Prefix = "cbt_";
    private const string Bearer = "Bearer ";
    private const int Size = 32;

    public static string Make() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public static bool IsIn(HttpRequest request) => Of(request) is not null;

    /// <returns>Null: the request carries none.</returns>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header
        && header.StartsWith(Bearer + Prefix, StringComparison.OrdinalIgnoreCase)
            ? header[Bearer.Length..].Trim()
            : null;
}

/// <summary>
/// The second way to sign a request. The database is asked each time, so that a deleted token is out at once. It has no role and no session,
/// hence opens neither what administrators nor what people alone may do.
/// </summary>
internal sealed class PersonalAccessTokenChecks(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logs,
    UrlEncoder encoder,
    IAutoCommitDatabase database,
    TimeProvider clock
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (PersonalAccessTokens.Of(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        var grant = await database.QuerySingleOrDefaultAsync<Grant>(
            "select user_id, scopes from identity.use_personal_access_token(@hash, @now)",
            new { hash = PersonalAccessTokens.Hash(token), now = clock.UtcNow() },
            Context.RequestAborted
        );
        if (grant is null)
        {
            return AuthenticateResult.Fail("The token is unknown or has expired.");
        }

        var identity = new ClaimsIdentity(Scheme.Name);
        identity.AddClaim(new Claim("sub", grant.UserId.ToString()));
        // A stream that it opens ends by then, and is resumed if the token still is good.
        identity.AddClaim(
            new Claim("exp", (clock.GetUtcNow() + Freshness).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))
        );
        identity.AddClaims(grant.Scopes.Select(scope => new Claim(Access.ScopeClaim, scope)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return base.HandleChallengeAsync(properties);
    }

    private sealed record Grant
    {
        public Guid UserId { get; init; }

        public required string[] Scopes { get; init; }
    }
}
