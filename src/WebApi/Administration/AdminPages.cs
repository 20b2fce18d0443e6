using System.Net;
using System.Security.Claims;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.Application.Security;
using CryptoBeacon.WebApi.Http;
using Hangfire;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace CryptoBeacon.WebApi.Administration;

/// <summary>
/// What administrators look at in a browser: Hangfire's dashboard behind a sign-in of its own. The cookie opens these pages alone; the API knows
/// bearer tokens only.
/// </summary>
internal static class AdminPages
{
    private const string Scheme = "administration";
    private const string Home = "/admin";
    private const string Login = "/admin/login";
    private const string Dashboard = "/hangfire";
    private const string StyleSheet = "/admin/style.css";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private static readonly AuthorizationPolicy Administrators = new AuthorizationPolicyBuilder(Scheme)
        .RequireAuthenticatedUser()
        .RequireClaim(Access.RoleClaim, Access.AdminRole)
        .Build();

    public static void AddAdminPages(this IServiceCollection services, BeaconOptions options)
    {
        // Kept beside the other keys, so that cookies outlive a restart.
        var keys = Directory.CreateDirectory(Path.Combine(options.DataDirectory, "keys", "data-protection"));
        if (!OperatingSystem.IsWindows())
        {
            keys.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        services.AddDataProtection().SetApplicationName("crypto-beacon").PersistKeysToFileSystem(keys);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "crypto-beacon-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services
            .AddAuthentication()
            .AddCookie(
                Scheme,
                cookie =>
                {
                    cookie.Cookie.Name = "crypto-beacon-admin";
                    cookie.Cookie.HttpOnly = true;
                    cookie.Cookie.SameSite = SameSiteMode.Strict;
                    cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
                    cookie.ExpireTimeSpan = Lifetime;
                    cookie.SlidingExpiration = false;
                    cookie.LoginPath = Login;
                    cookie.AccessDeniedPath = Login;
                    cookie.Events.OnSigningIn = context =>
                    {
                        // On one's own machine there is no https, and nobody in between.
                        context.CookieOptions.Secure = !IsLoopback(context.Request.Host.Host);
                        return Task.CompletedTask;
                    };
                    cookie.Events.OnValidatePrincipal = CheckSessionAsync;
                }
            );
    }

    public static void MapAdminPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup(Home).ExcludeFromDescription().WithSecurityHeadersPolicy(SecurityHeaders.Pages);
        pages.MapGet("/login", ShowLogin).AllowAnonymous();
        pages.MapPost("/login", SignInAsync).AllowAnonymous().DisableAntiforgery();
        pages
            .MapGet("/style.css", (HttpContext context) => StaticFile(context, "style.css", "text/css"))
            .AllowAnonymous();
        pages.MapGet("/", ShowHome).RequireAuthorization(Administrators);
        pages.MapPost("/logout", SignOutAsync).RequireAuthorization(Administrators).DisableAntiforgery();

        app.MapHangfireDashboard(
                Dashboard,
                new DashboardOptions
                {
                    // Its own filter would let anybody on this machine in: the policy decides alone.
                    Authorization = [],
                    AppPath = Home,
                    DashboardTitle = "Crypto Beacon jobs",
                    DisplayStorageConnectionString = false,
                }
            )
            .RequireAuthorization(Administrators)
            .WithSecurityHeadersPolicy(SecurityHeaders.Dashboard);
    }

    private static IResult ShowLogin(HttpContext context, IAntiforgery antiforgery, string? returnUrl) =>
        LoginPage(context, antiforgery, returnUrl, email: null, refusal: null, StatusCodes.Status200OK);

    private static async Task<IResult> SignInAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        IAdministratorSignIn administrators,
        string? returnUrl
    )
    {
        if (await ReadFormAsync(context.Request) is not { } form || !await antiforgery.IsRequestValidAsync(context))
        {
            return LoginPage(
                context,
                antiforgery,
                returnUrl,
                null,
                "The form has expired. Please try again.",
                StatusCodes.Status400BadRequest
            );
        }

        var visitor = new Visitor(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent, Lifetime);
        if (form["mfaToken"].ToString() is { Length: > 0 } mfaToken)
        {
            var confirmed = await administrators.AnswerMfaAsync(
                mfaToken,
                form["code"].ToString().Trim(),
                visitor,
                context.RequestAborted
            );
            return confirmed.IsSuccess ? await LetInAsync(context, confirmed.Value, returnUrl)
                : confirmed.Error.Code == "invalid_mfa_token"
                    ? LoginPage(
                        context,
                        antiforgery,
                        returnUrl,
                        null,
                        confirmed.Error.Message,
                        (int)confirmed.Error.Kind
                    )
                : CodePage(context, antiforgery, returnUrl, mfaToken, confirmed.Error);
        }

        var email = form["email"].ToString();
        var entry = await administrators.SignInAsync(
            email,
            form["password"].ToString(),
            visitor,
            context.RequestAborted
        );
        return entry switch
        {
            { IsSuccess: false } => LoginPage(
                context,
                antiforgery,
                returnUrl,
                email,
                Explain(entry.Error),
                (int)entry.Error.Kind
            ),
            { Value.MfaToken: { } awaited } => CodePage(context, antiforgery, returnUrl, awaited, refusal: null),
            _ => await LetInAsync(context, entry.Value.Session!, returnUrl),
        };
    }

    private static async Task<IResult> LetInAsync(HttpContext context, AdministratorSession session, string? returnUrl)
    {
        Claim[] claims =
        [
            new("sub", session.UserId.ToString()),
            new(Access.SessionClaim, session.SessionId.ToString()),
            new(Access.RoleClaim, Access.AdminRole),
        ];
        await context.SignInAsync(Scheme, new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme)));
        return Results.LocalRedirect(IsOurs(returnUrl) ? returnUrl! : Dashboard);
    }

    private static IResult ShowHome(HttpContext context, IAntiforgery antiforgery) =>
        Page(
            "Administration",
            $"""
            <ul>
              <li><a href="{Dashboard}">Background jobs</a></li>
              <li><a href="/docs/">API documentation</a></li>
              <li><a href="/health/ready">Health</a></li>
            </ul>
            <form method="post" action="{Home}/logout">
              {AntiforgeryField(context, antiforgery)}
              <button type="submit">Sign out</button>
            </form>
            """
        );

    private static async Task<IResult> SignOutAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        IAdministratorSignIn administrators
    )
    {
        if (await ReadFormAsync(context.Request) is null || !await antiforgery.IsRequestValidAsync(context))
        {
            return Results.LocalRedirect(Home);
        }

        if (SessionOf(context.User) is { } session)
        {
            await administrators.SignOutAsync(session, context.RequestAborted);
        }

        await context.SignOutAsync(Scheme);
        return Results.LocalRedirect(Login);
    }

    /// <returns>Null: the body is no form.</returns>
    private static async Task<IFormCollection?> ReadFormAsync(HttpRequest request)
    {
        try
        {
            // What our forms send; a multipart body would bring faults of its own.
            return
                request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
                == true
                ? await request.ReadFormAsync(request.HttpContext.RequestAborted)
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static async Task CheckSessionAsync(CookieValidatePrincipalContext context)
    {
        var administrators = context.HttpContext.RequestServices.GetRequiredService<IAdministratorSignIn>();
        if (
            SessionOf(context.Principal!) is not { } session
            || !await administrators.IsGoodAsync(session, context.HttpContext.RequestAborted)
        )
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
        }
    }

    private static AdministratorSession? SessionOf(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirst("sub")?.Value, out var userId)
        && Guid.TryParse(user.FindFirst(Access.SessionClaim)?.Value, out var sessionId)
            ? new AdministratorSession(userId, sessionId)
            : null;

    private static IResult LoginPage(
        HttpContext context,
        IAntiforgery antiforgery,
        string? returnUrl,
        string? email,
        string? refusal,
        int status
    ) =>
        SignInPage(
            context,
            antiforgery,
            returnUrl,
            refusal,
            $"""
              <label for="email">E-mail</label>
              <input id="email" name="email" type="email" autocomplete="username" required autofocus value="{Encode(
                email ?? ""
            )}">
              <label for="password">Password</label>
              <input id="password" name="password" type="password" autocomplete="current-password" required>
            """,
            status
        );

    /// <summary>The second step; what the page carries of the first is worth nothing without the code.</summary>
    private static IResult CodePage(
        HttpContext context,
        IAntiforgery antiforgery,
        string? returnUrl,
        string mfaToken,
        Domain.Error? refusal
    ) =>
        SignInPage(
            context,
            antiforgery,
            returnUrl,
            refusal?.Message,
            $"""
              <input type="hidden" name="mfaToken" value="{Encode(mfaToken)}">
              <label for="code">Code of your authenticator app, or a recovery code</label>
              <input id="code" name="code" type="text" autocomplete="one-time-code" required autofocus>
            """,
            refusal is null ? StatusCodes.Status200OK : (int)refusal.Kind
        );

    private static IResult SignInPage(
        HttpContext context,
        IAntiforgery antiforgery,
        string? returnUrl,
        string? refusal,
        string fields,
        int status
    ) =>
        Page(
            "Sign in",
            $"""
            {(refusal is null ? "" : $"""<p class="refusal" role="alert">{Encode(refusal)}</p>""")}
            <form method="post" action="{Login}{(
                IsOurs(returnUrl) ? $"?ReturnUrl={Uri.EscapeDataString(returnUrl!)}" : ""
            )}">
              {AntiforgeryField(context, antiforgery)}
            {fields}
              <button type="submit">Sign in</button>
            </form>
            """,
            status
        );

    private static IResult Page(string title, string content, int status = StatusCodes.Status200OK) =>
        Results.Content(
            $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>{title} · Crypto Beacon</title>
              <link rel="stylesheet" href="{StyleSheet}">
            </head>
            <body>
              <main>
                <p class="product">Crypto Beacon Trader Hub</p>
                <h1>{title}</h1>
            {content}
              </main>
            </body>
            </html>
            """,
            "text/html; charset=utf-8",
            statusCode: status
        );

    private static string AntiforgeryField(HttpContext context, IAntiforgery antiforgery)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        return $"""<input type="hidden" name="{tokens.FormFieldName}" value="{tokens.RequestToken}">""";
    }

    private static IResult StaticFile(HttpContext context, string name, string mediaType)
    {
        context.Response.Headers.CacheControl = "max-age=3600";
        return Results.Stream(typeof(AdminPages).Assembly.GetManifestResourceStream(name)!, mediaType);
    }

    private static string Explain(Domain.Error error) =>
        error.RetryAfter is { } wait
            ? string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{error.Message} Try again in {Math.Ceiling(wait.TotalSeconds)} seconds."
            )
            : "There is no administrator with this e-mail address and password.";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A page behind this sign-in, and no address elsewhere.</summary>
    private static bool IsOurs(string? url) =>
        url is not null
        && (url == Home || url == Dashboard || url.StartsWith(Dashboard + "/", StringComparison.Ordinal));

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
