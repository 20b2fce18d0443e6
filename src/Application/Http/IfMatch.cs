using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace CryptoBeacon.Application.Http;

/// <summary>
/// A resource with a strong <c>ETag</c>: the version of its writable state, which is its row's <c>xmin</c>. It travels in the header, never in
/// the body.
/// </summary>
public interface IVersioned
{
    uint Version { get; }
}

/// <summary>The request's <c>If-Match</c> (RFC 9110, section 13.1.1); absent or <c>*</c> it matches whatever is there.</summary>
public sealed class IfMatch
{
    private readonly string[] _tags;

    private IfMatch(string[] tags) => _tags = tags;

    public static IfMatch Any { get; } = new([]);

    /// <summary>Whether the client named a version, so that a lost race is a 412 and no 409.</summary>
    public bool IsGiven => _tags.Length > 0;

    public bool Matches(uint version) => !IsGiven || _tags.Contains(ETag(version), StringComparer.Ordinal);

    public static string ETag(uint version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    public static ValueTask<IfMatch> BindAsync(HttpContext context)
    {
        var tags = context
            .Request.Headers.IfMatch.SelectMany(header => (header ?? "").Split(','))
            .Select(tag => tag.Trim())
            .Where(tag => tag.Length > 0)
            .ToArray();
        return ValueTask.FromResult(tags.Length == 0 || tags.Contains("*") ? Any : new IfMatch(tags));
    }
}
