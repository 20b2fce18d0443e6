using CryptoBeacon.Domain;
using Microsoft.AspNetCore.Http;

namespace CryptoBeacon.Application.Http;

/// <summary>Outcomes as HTTP answers: the one place where a <see cref="Result"/> meets a status code.</summary>
public static class Answers
{
    public static IResult ToOk<T>(this Result<T> result) =>
        result.IsSuccess ? new Answer<T>(StatusCodes.Status200OK, result.Value, null) : new Refusal(result.Error);

    public static IResult ToCreated<T>(this Result<T> result, Func<T, string> location) =>
        result.IsSuccess
            ? new Answer<T>(StatusCodes.Status201Created, result.Value, location(result.Value))
            : new Refusal(result.Error);

    /// <summary>Stored, and worked on in the background: where to follow it.</summary>
    public static IResult ToAccepted<T>(this Result<T> result, Func<T, string?> location) =>
        result.IsSuccess
            ? new Answer<T>(StatusCodes.Status202Accepted, result.Value, location(result.Value))
            : new Refusal(result.Error);

    public static IResult ToNoContent(this Result result) =>
        result.IsSuccess ? TypedResults.NoContent() : new Refusal(result.Error);

    /// <summary>Asked for, with nothing to follow it by.</summary>
    public static IResult ToAccepted(this Result result) =>
        result.IsSuccess ? TypedResults.StatusCode(StatusCodes.Status202Accepted) : new Refusal(result.Error);

    /// <summary>An answer that is no JSON document, such as a CSV file.</summary>
    public static IResult To<T>(this Result<T> result, Func<T, IResult> answer) =>
        result.IsSuccess ? answer(result.Value) : new Refusal(result.Error);

    private sealed class Answer<T>(int status, T value, string? location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            if (location is not null)
            {
                response.Headers.Location = location;
            }

            if (value is IVersioned versioned)
            {
                response.Headers.ETag = IfMatch.ETag(versioned.Version);
            }

            return response.WriteAsJsonAsync(value, httpContext.RequestAborted);
        }
    }
}

/// <summary>A refused use case as <c>application/problem+json</c> (RFC 9457).</summary>
public sealed class Refusal(Error error) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, error);
}
