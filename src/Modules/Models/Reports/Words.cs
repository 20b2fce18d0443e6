using System.Globalization;
using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Reports;

/// <summary>Numbers and names as people read them. The exact ones are in the API's answers.</summary>
internal static class Words
{
    public const string Unknown = "–";

    /// <summary><c>maxDrawdownDays</c> → <c>max drawdown days</c></summary>
    public static string Of(string name) =>
        name == "sqn"
            ? "SQN"
            : string.Concat(name.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));

    public static string Value(Metric metric, JsonNode? value) =>
        Number(value) is not { } number
            ? Unknown
            : metric.Unit switch
            {
                "money" => Money(number),
                "ratio" when metric.Name is not "turnover" => Percent(number),
                "count" or "days" => number.ToString("#,0.#", CultureInfo.InvariantCulture),
                _ => number.ToString("#,0.00", CultureInfo.InvariantCulture),
            };

    public static string Money(double amount) =>
        amount.ToString(
            Math.Abs(amount) >= 1000 ? "#,0"
                : Math.Abs(amount) >= 1 ? "#,0.00"
                : "0.######",
            CultureInfo.InvariantCulture
        );

    public static string Percent(double ratio) => ratio.ToString("#,0.0 %;−#,0.0 %", CultureInfo.InvariantCulture);

    /// <summary>To the last digit: 0.0004 is 0.04 %.</summary>
    public static string Rate(decimal ratio) => $"{Exact.Format(ratio * 100)} %";

    public static double? Number(JsonNode? value) =>
        value is not null && double.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static string Date(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Minute(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How a gain or a loss is coloured.</summary>
    public static string Mood(double? value) =>
        value switch
        {
            > 0 => "good",
            < 0 => "bad",
            _ => "",
        };
}
