using System.Text;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Domain;

namespace CryptoBeacon.WebApi.Http;

/// <summary>
/// Refuses control characters and broken UTF-8 in paths and queries, once for all endpoints: PostgreSQL takes neither, and what it refuses
/// would be a fault of ours.
/// </summary>
internal sealed class UnreadableTextGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!IsReadable(context.Request.Path.Value))
        {
            return Problems.WriteAsync(context, Error.NotFound("path"));
        }

        foreach (var (name, values) in context.Request.Query)
        {
            if (!IsReadable(name) || !values.All(IsReadable))
            {
                return Problems.WriteAsync(
                    context,
                    Error.Invalid(
                        IsReadable(name) ? name : "query",
                        "must not contain control characters or broken UTF-8"
                    )
                );
            }
        }

        return next(context);
    }

    private static bool IsReadable(string? text) =>
        text is null
        || (
            !text.Any(char.IsControl)
            && !text.Contains((char)Rune.ReplacementChar.Value, StringComparison.Ordinal)
            && !HasLoneSurrogate(text)
        );

    private static bool HasLoneSurrogate(string text) =>
        text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar);
}
