using System.Net;
using System.Text;
using System.Text.Unicode;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Domain;
using Microsoft.AspNetCore.WebUtilities;

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

        foreach (var pair in new QueryStringEnumerable(context.Request.QueryString.Value))
        {
            if (!IsReadable(pair.EncodedName) || !IsReadable(pair.EncodedValue))
            {
                return Problems.WriteAsync(
                    context,
                    Error.Invalid(
                        IsReadable(pair.EncodedName) ? pair.DecodeName().ToString() : "query",
                        "must not contain control characters or broken UTF-8"
                    )
                );
            }
        }

        return next(context);
    }

    private static bool IsReadable(string? text) =>
        text is null || (!text.Any(char.IsControl) && !text.EnumerateRunes().Contains(Rune.ReplacementChar));

    /// <summary>By its bytes: what is no UTF-8 would be taken for the percent signs and digits that it is written with.</summary>
    private static bool IsReadable(ReadOnlyMemory<char> encoded)
    {
        var bytes = Encoding.UTF8.GetBytes(encoded.ToArray());
        var decoded = WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length);
        return Utf8.IsValid(decoded) && !Encoding.UTF8.GetString(decoded).Any(char.IsControl);
    }
}
