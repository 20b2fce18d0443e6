using CryptoBeacon.Application.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// Answers 413 to a body that says it is too large, and then takes it in unread, up to a bound: most clients read no answer before they have sent all,
/// and would see a broken connection in its place. A body that does not say its length is cut off by Kestrel at the same limit.
/// </summary>
internal sealed class OversizeBodies(RequestDelegate next)
{
    private const long TakenInAtMost = 64 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context)
    {
        var feature = context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>();
        var ofEndpoint = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>();
        var limit = ofEndpoint is null ? feature.MaxRequestBodySize : ofEndpoint.MaxRequestBodySize;
        if (context.Request.ContentLength is not { } length || length <= (limit ?? long.MaxValue))
        {
            await next(context);
            return;
        }

        feature.MaxRequestBodySize = length;
        await Problems.WriteAsync(
            context,
            StatusCodes.Status413PayloadTooLarge,
            detail: $"A body here has at most {limit} bytes."
        );
        await context.Response.CompleteAsync();
        if (length <= TakenInAtMost)
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }
    }
}
