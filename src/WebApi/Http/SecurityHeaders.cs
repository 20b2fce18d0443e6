using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Http;

namespace CryptoBeacon.WebApi.Http;

/// <summary>What browsers are told: an API answer is nothing to render, frame, sniff or keep; the few pages get what they need, by name.</summary>
internal static class SecurityHeaders
{
    /// <summary>The documentation, whose scripts carry a nonce.</summary>
    public const string Docs = "docs";

    /// <summary>Our own pages: a form and a style sheet, no script.</summary>
    public const string Pages = "pages";

    /// <summary>Reports: a style in the page itself, and nothing else.</summary>
    private const string Reports = "reports";

    /// <summary>Hangfire's pages, which style elements in place.</summary>
    public const string Dashboard = "dashboard";

    public static void AddSecurityHeaders(this IServiceCollection services, BeaconOptions options)
    {
        services
            .AddSecurityHeaderPolicies()
            .SetDefaultPolicy(policy =>
                Common(policy)
                    .AddContentSecurityPolicy(csp =>
                    {
                        csp.AddDefaultSrc().None();
                        csp.AddFrameAncestors().None();
                        csp.AddBaseUri().None();
                        csp.AddFormAction().None();
                    })
            )
            .AddPolicy(
                Docs,
                policy =>
                    Common(policy)
                        .AddContentSecurityPolicy(csp =>
                        {
                            Page(csp);
                            csp.AddScriptSrc().WithNonce().Self();
                            // The documentation's components write style elements as they appear.
                            csp.AddStyleSrc().Self().UnsafeInline();
                            csp.AddFontSrc().Self().Data();
                        })
            )
            .AddPolicy(
                Pages,
                policy =>
                    Common(policy)
                        .AddContentSecurityPolicy(csp =>
                        {
                            Page(csp);
                            csp.AddStyleSrc().Self();
                            csp.AddFormAction().Self();
                        })
            )
            .AddPolicy(
                Reports,
                policy =>
                    Common(policy)
                        .AddContentSecurityPolicy(csp =>
                        {
                            csp.AddDefaultSrc().None();
                            csp.AddFrameAncestors().None();
                            csp.AddBaseUri().None();
                            csp.AddFormAction().None();
                            csp.AddStyleSrc().UnsafeInline();
                        })
            )
            .AddPolicy(
                Dashboard,
                policy =>
                    Common(policy)
                        .AddContentSecurityPolicy(csp =>
                        {
                            Page(csp);
                            csp.AddScriptSrc().Self();
                            csp.AddStyleSrc().Self().UnsafeInline();
                            csp.AddFontSrc().Self();
                            csp.AddFormAction().Self();
                        })
            )
            // Modules say what kind of page theirs is; the headers are this project's.
            .SetPolicySelector(context =>
                context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<SelfContainedPageMetadata>() is null
                    ? context.SelectedPolicy
                    : context.ConfiguredPolicies[Reports]
            );

        services.AddCors(cors =>
            cors.AddDefaultPolicy(policy =>
                policy
                    .WithOrigins(options.Cors.Origins)
                    .AllowAnyHeader()
                    .AllowAnyMethod()
                    .WithExposedHeaders(
                        "ETag",
                        "Location",
                        "RateLimit",
                        "RateLimit-Policy",
                        "Retry-After",
                        "Idempotency-Replayed"
                    )
            )
        );
    }

    /// <summary>What a signed-in user was answered stays in no cache, unless the answer says otherwise.</summary>
    public static void UsePrivateAnswers(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    if (
                        context.User.Identity?.IsAuthenticated == true
                        && context.Response.Headers.CacheControl.Count == 0
                    )
                    {
                        context.Response.Headers.CacheControl = "no-store";
                    }

                    return Task.CompletedTask;
                });
                return next(context);
            }
        );

    private static HeaderPolicyCollection Common(HeaderPolicyCollection policy) =>
        policy
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyNoReferrer()
            .AddCrossOriginOpenerPolicy(opener => opener.SameOrigin())
            .AddCrossOriginResourcePolicy(resource => resource.SameOrigin())
            .AddPermissionsPolicy(permissions =>
            {
                permissions.AddCamera().None();
                permissions.AddGeolocation().None();
                permissions.AddMicrophone().None();
                permissions.AddPayment().None();
                permissions.AddUsb().None();
            })
            // Sent over https alone.
            .AddStrictTransportSecurityMaxAgeIncludeSubDomains()
            .RemoveServerHeader();

    private static void Page(CspBuilder csp)
    {
        csp.AddDefaultSrc().None();
        csp.AddFrameAncestors().None();
        csp.AddBaseUri().None();
        csp.AddConnectSrc().Self();
        csp.AddImgSrc().Self().Data();
    }
}
