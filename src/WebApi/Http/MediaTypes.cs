using CryptoBeacon.Application.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// Answers 415 to a body of a type that its endpoint does not take, or of none, and names what it takes. Routing would do so by a policy of its own, before
/// anybody has asked who is there: strangers would learn of an endpoint what only its users may know.
/// </summary>
internal sealed class MediaTypes(RequestDelegate next)
{
    private const string PolicyOfRouting = "AcceptsMatcherPolicy";

    public static void TakeFromRouting(IServiceCollection services)
    {
        services.AddRouting();
        services.Remove(
            services.Single(service =>
                service.ServiceType == typeof(MatcherPolicy) && service.ImplementationType?.Name == PolicyOfRouting
            )
        );
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (
            context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not { } accepts
            || context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true
            || IsOneOf(accepts.ContentTypes, context.Request.ContentType)
        )
        {
            return next(context);
        }

        return Problems.WriteAsync(
            context,
            StatusCodes.Status415UnsupportedMediaType,
            detail: $"The body's Content-Type must be {string.Join(" or ", accepts.ContentTypes)}."
        );
    }

    private static bool IsOneOf(IReadOnlyList<string> accepted, string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && accepted.Any(one => type.IsSubsetOf(new MediaTypeHeaderValue(one)));
}
