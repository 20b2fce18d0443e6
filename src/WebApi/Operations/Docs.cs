using CryptoBeacon.WebApi.Http;
using CryptoBeacon.WebApi.OpenApi;
using NetEscapades.AspNetCore.SecurityHeaders;
using Scalar.AspNetCore;

namespace CryptoBeacon.WebApi.Operations;

/// <summary>The contract as a page. Its script comes from the package, so that reading it tells nobody else.</summary>
internal static class Docs
{
    public static void MapDocs(this IEndpointRouteBuilder app) =>
        app.MapScalarApiReference(
                "/docs",
                (options, context) =>
                {
                    options.Title = "Crypto Beacon Trader Hub";
                    options.OpenApiRoutePattern = ApiDocument.Path;
                    options.Nonce = context.GetNonce();
                    options.DefaultFonts = false;
                    options.Telemetry = false;
                    options.HideClientButton = true;
                    options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
                    options.DisableAgent();
                    options.DisableMcp();
                }
            )
            .AllowAnonymous()
            .WithSecurityHeadersPolicy(SecurityHeaders.Docs);
}
