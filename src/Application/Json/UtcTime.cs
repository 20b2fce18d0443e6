using System.Globalization;
using System.Text.RegularExpressions;

namespace CryptoBeacon.Application.Json;

/// <summary>Instants as RFC 3339 in UTC, to the microsecond.</summary>
public static partial class UtcTime
{
    public const string Rule = "must be an RFC 3339 time with an offset, such as 2026-01-31T12:00:00Z";

    private const string RoundTrip = "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'";

    private const int MaxTextLength = 64;

    // The point and seven digits.
    private const int TickDigits = 8;

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString(RoundTrip, CultureInfo.InvariantCulture);

    /// <summary>The same as UTF-8, into 32 bytes or more.</summary>
    /// <returns>How many bytes it takes.</returns>
    public static int Format(DateTimeOffset time, Span<byte> text)
    {
        // The standard format takes a fraction of the time of one's own. It writes seven decimals and a Z.
        if (!CutToMicroseconds(time).UtcDateTime.TryFormat(text, out var length, "O", CultureInfo.InvariantCulture))
        {
            throw new ArgumentException("A time needs up to 28 bytes.", nameof(text));
        }

        length = text[..(length - 1)].TrimEnd((byte)'0').TrimEnd((byte)'.').Length;
        text[length] = (byte)'Z';
        return length + 1;
    }

    /// <summary>Any offset, but one there must be: a time without it would mean another instant on another machine.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (text is null || text.Length > MaxTextLength || Rfc3339().Match(text) is not { Success: true } match)
        {
            return false;
        }

        // .NET reads ticks; whatever precision a client sends is cut to microseconds anyway.
        var fraction = match.Groups["fraction"];
        if (
            !DateTimeOffset.TryParse(
                fraction.Length > TickDigits
                    ? text.Remove(fraction.Index + TickDigits, fraction.Length - TickDigits)
                    : text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal,
                out var parsed
            )
        )
        {
            return false;
        }

        time = CutToMicroseconds(parsed);
        return true;
    }

    /// <summary>PostgreSQL keeps microseconds; what goes in must be what comes out.</summary>
    public static DateTimeOffset CutToMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static DateTimeOffset UtcNow(this TimeProvider clock) => CutToMicroseconds(clock.GetUtcNow());

    [GeneratedRegex(
        @"\A\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?<fraction>\.\d+)?([Zz]|[+-]\d{2}:\d{2})\z",
        RegexOptions.CultureInvariant | RegexOptions.ECMAScript
    )]
    private static partial Regex Rfc3339();
}
