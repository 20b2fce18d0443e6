using System.Globalization;
using System.Text.RegularExpressions;

namespace CryptoBeacon.Application.Json;

/// <summary>Instants as RFC 3339 in UTC, to the microsecond.</summary>
public static partial class UtcTime
{
    public const string Rule = "must be an RFC 3339 time with an offset, such as 2026-01-31T12:00:00Z";

    public static string Format(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Any offset, but one there must be: a time without it would mean another instant on another machine.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (
            text is null
            || !Rfc3339().IsMatch(text)
            || !DateTimeOffset.TryParse(
                text,
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
        @"\A\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})\z",
        RegexOptions.CultureInvariant | RegexOptions.ECMAScript
    )]
    private static partial Regex Rfc3339();
}
