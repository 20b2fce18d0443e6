using System.Net;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Infrastructure.Security;
using CryptoBeacon.WebApi.Administration.Pages;
using CryptoBeacon.WebApi.Http;
using Hangfire;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CryptoBeacon.WebApi.Administration;

/// <summary>
/// What administrators look at in a browser: an overview and Hangfire's dashboard, behind a sign-in of its own. The cookie opens these pages alone;
/// the API knows bearer tokens only.
/// </summary>
internal static class AdminPages
{
    public const string Scheme = "administration";
    public const string Home = "/admin";
    public const string Login = "/admin/login";
    public const string SignOut = "/admin/logout";
    public const string Dashboard = "/hangfire";
    public const string StyleSheet = "/admin/style.css";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private static readonly AuthorizationPolicy Administrators = new AuthorizationPolicyBuilder(Scheme)
        .RequireAuthenticatedUser()
        .RequireClaim(Access.RoleClaim, Access.AdminRole)
        .Build();

    public static void AddAdminPages(this IServiceCollection services, BeaconOptions options, KeyFiles keys)
    {
        services.AddRazorComponents();
        services.AddSingleton<InstallationWatch>();
        // Kept beside the other keys, so that cookies outlive a restart.
        services
            .AddDataProtection()
            .SetApplicationName("crypto-beacon")
            .PersistKeysToFileSystem(keys.DirectoryOf("data-protection"));
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
                    cookie.Cookie.MaxAge = Lifetime;
                    cookie.ExpireTimeSpan = Lifetime;
                    cookie.SlidingExpiration = false;
                    cookie.LoginPath = Login;
                    cookie.AccessDeniedPath = Login;
                    cookie.Events.OnSigningIn = context =>
                    {
                        // On one's own machine there is no https, and nobody in between.
                        context.CookieOptions.Secure =
                            context.Request.IsHttps || !IsLoopback(context.Request.Host.Host);
                        return Task.CompletedTask;
                    };
                    cookie.Events.OnRedirectToLogin = RedirectWithinAsync;
                    cookie.Events.OnRedirectToAccessDenied = RedirectWithinAsync;
                    cookie.Events.OnValidatePrincipal = SignIn.CheckSessionAsync;
                }
            );
    }

    /// <summary>To a path: with a host, it would be the one that the request names, and that anybody may name.</summary>
    private static Task RedirectWithinAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect(new Uri(context.RedirectUri).PathAndQuery);
        return Task.CompletedTask;
    }

    public static void MapAdminPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup(Home).ExcludeFromDescription().WithSecurityHeadersPolicy(SecurityHeaders.Pages);
        pages.MapGet("/style.css", ShowStyle).AllowAnonymous();
        pages.MapGet("/login", SignIn.Show).AllowAnonymous();
        // The handlers check the antiforgery token themselves: a form that has expired is shown again.
        pages.MapPost("/login", SignIn.AnswerAsync).AllowAnonymous().DisableAntiforgery();
        pages.MapPost("/logout", SignIn.EndAsync).RequireAuthorization(Administrators).DisableAntiforgery();
        pages.MapGet("/", ShowOverviewAsync).RequireAuthorization(Administrators);

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

    private static async Task<IResult> ShowOverviewAsync(
        HttpContext context,
        IAntiforgery antiforgery,
        InstallationWatch installation
    )
    {
        var shown = await installation.LookAsync(context.RequestAborted);
        return new RazorComponentResult<OverviewPage>(
            new { Token = antiforgery.GetAndStoreTokens(context), Shown = shown }
        );
    }

    private static IResult ShowStyle(HttpContext context)
    {
        context.Response.Headers.CacheControl = "max-age=3600";
        return Results.Stream(typeof(AdminPages).Assembly.GetManifestResourceStream("style.css")!, "text/css");
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
