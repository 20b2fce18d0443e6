using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CryptoBeacon.Application.Http;

/// <summary>Problem documents: <c>type,title,status,detail,instance,traceId,code</c>, for a 400 <c>errors</c>, and the error's own details.</summary>
public static class Problems
{
    public const string MediaType = "application/problem+json";

    public static Task WriteAsync(HttpContext context, Error error)
    {
        var status = (int)error.Kind;
        SayWhenToRetry(context, error);
        if (error.Kind == ErrorKind.Unauthorized && context.Response.Headers.WWWAuthenticate.Count == 0)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var problem = Describe(context, status, error.Code, error.Message);
        if (error.Kind == ErrorKind.Invalid)
        {
            problem["errors"] = error.Fields;
        }

        foreach (var (name, value) in error.Details)
        {
            problem[name] = value;
        }

        return WriteAsync(context, status, problem);
    }

    /// <summary>By the header, whatever the body is.</summary>
    public static void SayWhenToRetry(HttpContext context, Error error)
    {
        if (error.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A status that no use case chose: an unknown path, a wrong method or media type, a fault.</summary>
    public static Task WriteAsync(HttpContext context, int status, string? code = null, string? detail = null)
    {
        var title = ReasonPhrases.GetReasonPhrase(status);
        code ??= title.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
        return WriteAsync(context, status, Describe(context, status, code, detail));
    }

    private static Dictionary<string, object?> Describe(HttpContext context, int status, string code, string? detail) =>
        new()
        {
            ["type"] = "about:blank",
            ["title"] = ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = detail,
            ["instance"] = context.Request.Path.Value,
            ["traceId"] = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
            ["code"] = code,
        };

    private static Task WriteAsync(HttpContext context, int status, Dictionary<string, object?> problem)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaType;
        return JsonSerializer.SerializeAsync(
            context.Response.Body,
            problem,
            BeaconJson.Options,
            context.RequestAborted
        );
    }
}
