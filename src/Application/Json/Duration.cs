using System.Text.RegularExpressions;
using System.Xml;

namespace CryptoBeacon.Application.Json;

/// <summary>Lengths of time as ISO 8601 writes them: <c>PT1M</c>, <c>P1D</c>. Without years and months, whose length depends on where they lie.</summary>
public static partial class Duration
{
    /// <summary>As ECMAScript and .NET both read it.</summary>
    public const string Pattern = $"^{Form}$";

    public const string Rule = "must be an ISO 8601 duration of days, hours, minutes and seconds, such as PT1M";

    private const string Form = "P(?=[0-9T])([0-9]{1,3}D)?(T(?=[0-9])([0-9]{1,5}H)?([0-9]{1,6}M)?([0-9]{1,8}S)?)?";

    public static string Format(TimeSpan duration) => XmlConvert.ToString(duration);

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null || !Written().IsMatch(text))
        {
            return false;
        }

        duration = XmlConvert.ToTimeSpan(text);
        return true;
    }

    [GeneratedRegex($@"\A{Form}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Written();
}
