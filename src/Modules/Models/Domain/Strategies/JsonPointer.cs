namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>RFC 6901.</summary>
internal static class JsonPointer
{
    /// <summary>A property's name as a part of a pointer.</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The name that a part of a pointer stands for.</summary>
    public static string Unescape(string part) =>
        part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    /// <summary>The names and indexes that a pointer goes along; null when it is none.</summary>
    public static IReadOnlyList<string>? Parts(string pointer) =>
        pointer.StartsWith('/') ? [.. pointer[1..].Split('/').Select(Unescape)] : null;
}
