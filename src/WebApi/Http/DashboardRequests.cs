using System.Globalization;
using System.Text.RegularExpressions;
using CryptoBeacon.Application.Http;
using CryptoBeacon.WebApi.Administration;

namespace CryptoBeacon.WebApi.Http;

/// <summary>Answers what Hangfire's dashboard fails on: a job id that is no number, and its figures asked for by anything but their form.</summary>
internal sealed partial class DashboardRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.Path.StartsWithSegments(AdminPages.Dashboard, out var page))
        {
            return next(context);
        }

        var job = PageOfJob().Match(page.Value ?? "");
        if (
            job.Success
            && !long.TryParse(job.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        )
        {
            return Problems.WriteAsync(context, StatusCodes.Status404NotFound);
        }

        if (page != "/stats")
        {
            return next(context);
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return Problems.WriteAsync(context, StatusCodes.Status405MethodNotAllowed);
        }

        return request.HasFormContentType
            ? next(context)
            : Problems.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType);
    }

    [GeneratedRegex("^/jobs/(details|actions/[a-z]+)/(?<id>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex PageOfJob();
}
