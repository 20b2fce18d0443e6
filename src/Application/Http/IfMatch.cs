using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace CryptoBeacon.Application.Http;

/// <summary>
/// A resource with a strong <c>ETag</c>: the version of its writable state, which is its row's <c>xmin</c>, or a revision that a
/// trigger counts where the row holds more than that. It travels in the header, never in
/// the body.
/// </summary>
public interface IVersioned
{
    uint Version { get; }
}

/// <summary>The request's <c>If-Match</c> (RFC 9110, section 13.1.1): absent it asks nothing, <c>*</c> that there is something.</summary>
public sealed class IfMatch
{
    private readonly string[] _tags;

    private IfMatch(string[] tags) => _tags = tags;

    public static IfMatch Any { get; } = new([]);

    private static readonly IfMatch Something = new([]);

    /// <summary>Whether the client named a version, so that a lost race is a 412 and no 409.</summary>
    public bool IsGiven => _tags.Length > 0;

    /// <summary>Whether the request may make what is not there yet.</summary>
    public bool MatchesNothing => this == Any;

    public bool Matches(uint version) => !IsGiven || _tags.Contains(ETag(version), StringComparer.Ordinal);

    public static string ETag(uint version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    public static ValueTask<IfMatch> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch;
        var tags = header.SelectMany(value => (value ?? "").Split(',')).Select(tag => tag.Trim()).ToArray();
        return ValueTask.FromResult(
            header.Count == 0 ? Any
            : tags.Contains("*") ? Something
            : new IfMatch(tags)
        );
    }
}
