using CryptoBeacon.Application.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// Answers 414 and 431 with a problem document. Kestrel cuts off bare, before there is a request to answer; its limits are twice these, so that it does so for
/// the senseless alone.
/// </summary>
internal sealed class OversizeHeads(RequestDelegate next)
{
    private const int LongestTarget = 8 * 1024;
    private const int LargestHeaders = 32 * 1024;

    public static void LeaveRoom(KestrelServerLimits limits)
    {
        limits.MaxRequestLineSize = 2 * LongestTarget;
        limits.MaxRequestHeadersTotalSize = 2 * LargestHeaders;
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length > LongestTarget)
        {
            return Problems.WriteAsync(
                context,
                StatusCodes.Status414UriTooLong,
                detail: $"A path with its query has at most {LongestTarget} characters here."
            );
        }

        var size = 0;
        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (var value in values)
            {
                size += name.Length + (value?.Length ?? 0);
            }
        }

        return size <= LargestHeaders
            ? next(context)
            : Problems.WriteAsync(
                context,
                StatusCodes.Status431RequestHeaderFieldsTooLarge,
                detail: $"The headers have at most {LargestHeaders} characters here."
            );
    }
}
