using System.Globalization;
using System.Text.RegularExpressions;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Files;

/// <summary>What exchanges write into a cell.</summary>
internal static partial class Cell
{
    private static readonly string[] Times =
    [
        "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
        "yyyy/MM/dd HH:mm:ss",
        "yy-MM-dd HH:mm:ss",
        "dd.MM.yyyy HH:mm:ss",
        "dd.MM.yyyy HH:mm",
        "MMM d, yyyy, hh:mm tt",
        "MMM d, yyyy, h:mm tt",
        "MMMM d, yyyy, hh:mm tt",
        "MMMM d, yyyy, h:mm tt",
    ];

    /// <summary>A number, perhaps with thousands separators (<c>62,000.50</c>), a currency's sign (<c>$1.00</c>) or an exponent.</summary>
    /// <returns>Null for an empty cell, also where a dash says so.</returns>
    public static decimal? Number(string text, string column)
    {
        if (text is "" or "-")
        {
            return null;
        }

        // A sign may stand before the currency's: -$1.00.
        var negative = text is ['-', ..];
        var digits = (negative ? text[1..] : text).TrimStart('$', '€', '£', '+').Trim();
        if (digits.Contains(',', StringComparison.Ordinal) && ThousandsSeparated().IsMatch(digits))
        {
            digits = digits.Replace(",", "", StringComparison.Ordinal);
        }

        if (digits is ['.', ..])
        {
            digits = "0" + digits;
        }

        if (!Exact.TryParse(digits, allowExponent: true, out var number))
        {
            throw new UnreadableRowException($"{column}: {Shorten(text)} {Exact.Rule}");
        }

        return negative ? -number : number;
    }

    public static decimal RequiredNumber(string text, string column) =>
        Number(text, column) ?? throw new UnreadableRowException($"{column}: is required");

    /// <summary>The number before an asset's symbol: <c>100.0001INCH</c> is 100.000 of 1INCH. The symbol may be left out.</summary>
    public static decimal? NumberOf(string asset, string text, string column) =>
        Number(
            text.EndsWith(asset, StringComparison.OrdinalIgnoreCase) ? text[..^asset.Length].TrimEnd() : text,
            column
        );

    /// <summary>A number and a symbol apart by a space: <c>2.00000000 ETH</c>.</summary>
    public static (decimal Number, string Asset)? Amount(string text, string column)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var number, var asset]
            ? (RequiredNumber(number, column), asset.ToUpperInvariant())
            : throw new UnreadableRowException($"{column}: {Shorten(text)} must be a number and a symbol");
    }

    /// <summary>A time that says its offset, or one that is in the file's.</summary>
    public static DateTimeOffset Time(string text, string column, TimeSpan offset = default)
    {
        if (text.Length == 0)
        {
            throw new UnreadableRowException($"{column}: is required");
        }

        if (UtcTime.TryParse(text, out var time))
        {
            return time;
        }

        var plain = text.EndsWith(" UTC", StringComparison.OrdinalIgnoreCase) ? text[..^4] : text;
        if (
            DateTime.TryParseExact(
                // Jan. 28, 2022: the months that English shortens have a point.
                MonthsPoint().Replace(plain, "$1"),
                Times,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var local
            )
        )
        {
            return local.Year is > 1 and < 9999
                ? UtcTime.CutToMicroseconds(new DateTimeOffset(local, TimeSpan.Zero) - offset)
                : throw new UnreadableRowException($"{column}: {Shorten(text)} is no time that trades were made at");
        }

        throw new UnreadableRowException($"{column}: {Shorten(text)} is no time that can be read");
    }

    /// <summary>What a header or a file's name says of the times in it: <c>Date(UTC+2)</c>, <c>Time(UTC-05:30)</c>; null where nothing.</summary>
    public static TimeSpan? UtcOffset(string? text)
    {
        if (text is null || Offset().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var (hours, minutes) = (int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture), 0);
        if (match.Groups[3].Success)
        {
            minutes = int.Parse(match.Groups[3].ValueSpan, CultureInfo.InvariantCulture);
        }

        return hours > 14 || minutes > 59
            ? null
            : new TimeSpan(hours, minutes, 0) * (match.Groups[1].ValueSpan is "-" ? -1 : 1);
    }

    public static string Shorten(string text) => text.Length <= 50 ? $"\"{text}\"" : $"\"{text[..50]}…\"";

    [GeneratedRegex(@"\A[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ThousandsSeparated();

    [GeneratedRegex(@"\A([A-Z][a-z]{2})[a-z]?\.(?= )", RegexOptions.CultureInvariant)]
    private static partial Regex MonthsPoint();

    [GeneratedRegex(@"UTC\s?([+\-−])([0-9]{1,2})(?:[:_]?([0-9]{2}))?(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Offset();
}
