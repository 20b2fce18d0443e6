using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// The one place where exceptions become answers: what the framework or the database refuses is told as what it is, anything else is a 500
/// that says nothing but its trace id, under which the log has the rest.
/// </summary>
internal sealed partial class RequestFaults(ILogger<RequestFaults> logger) : IExceptionHandler
{
    /// <summary>Of a parameter that can't be bound.</summary>
    public const string Unreadable = "has the wrong type or format";

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (exception is not ConnectionResetException && !httpContext.RequestAborted.IsCancellationRequested)
            {
                await AnswerAsync(httpContext, exception);
                return true;
            }
        }
        catch (OperationCanceledException) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Gone between the question and the answer.
        }

        LogHangUp(httpContext.Request.Method, exception.GetType().Name);
        return true;
    }

    private async Task AnswerAsync(HttpContext httpContext, Exception exception)
    {
        if (ToError(httpContext, exception) is { } error)
        {
            await Problems.WriteAsync(httpContext, error);
            return;
        }

        if (exception is BadHttpRequestException request)
        {
            await Problems.WriteAsync(httpContext, request.StatusCode);
            return;
        }

        var endpoint = httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName;
        LogFault(
            exception,
            httpContext.Request.Method,
            endpoint ?? "no endpoint",
            Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier
        );
        await Problems.WriteAsync(
            httpContext,
            StatusCodes.Status500InternalServerError,
            detail: "Something went wrong on the server."
        );
    }

    private static Error? ToError(HttpContext context, Exception exception) =>
        exception switch
        {
            JsonException json => JsonErrors.ToError(json),
            BadHttpRequestException { InnerException: JsonException json } => JsonErrors.ToError(json),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } request => BindingError(request),
            ConcurrentChangeException => context.Request.Headers.IfMatch.Count > 0
                ? Error.PreconditionFailed
                : Error.Conflict(
                    "concurrent_change",
                    "The resource was changed at the same moment; read it again and retry."
                ),
            PostgresException
            {
                SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
            } => Error.Conflict("concurrent_change", "Another request was faster; retry."),
            PostgresException
            {
                SqlState: PostgresErrorCodes.AdminShutdown
                    or PostgresErrorCodes.CannotConnectNow
                    or PostgresErrorCodes.TooManyConnections
            } => Unavailable,
            NpgsqlException { InnerException: TimeoutException } => TooSlow,
            NpgsqlException { IsTransient: true } and not PostgresException => Unavailable,
            _ => null,
        };

    private static readonly Error TooSlow = new(
        ErrorKind.Unavailable,
        "database_timeout",
        "The database did not answer in time; nothing was changed."
    )
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    private static readonly Error Unavailable = new(
        ErrorKind.Unavailable,
        "database_unavailable",
        "The database can't be reached just now."
    )
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    /// <summary>Names the parameter of which the framework only says that it could not be bound.</summary>
    private static Error BindingError(BadHttpRequestException exception)
    {
        var parameter = FailedParameter().Match(exception.Message);
        if (parameter.Success)
        {
            return Error.Invalid(parameter.Groups["name"].Value, Unreadable);
        }

        var missing = MissingParameter().Match(exception.Message);
        return missing.Success
            ? Error.Invalid(missing.Groups["name"].Value, "is required")
            : Error.Invalid(JsonErrors.WholeBody, "is missing or can't be read");
    }

    [GeneratedRegex("""Failed to bind parameter "\S+ (?<name>\w+)" from""", RegexOptions.CultureInvariant)]
    private static partial Regex FailedParameter();

    [GeneratedRegex(
        """Required parameter "\S+ (?<name>\w+)" was not provided from (query string|route|header)""",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex MissingParameter();

    [LoggerMessage(LogLevel.Debug, "The client of a {Method} hung up ({Exception})")]
    private partial void LogHangUp(string method, string exception);

    [LoggerMessage(LogLevel.Error, "Unhandled exception in {Method} {Endpoint}, trace {TraceId}")]
    private partial void LogFault(Exception exception, string method, string endpoint, string traceId);
}
