using System.Globalization;
using System.Text.Json;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>
/// Takes values out of a provider's answer exactly as they are written. What is missing, of another kind or out of range is a
/// <see cref="ConnectorFault.ChangedFormat"/>, never a zero or a guess.
/// </summary>
internal static class ProviderJson
{
    private const int MaxText = 1000;

    public static JsonElement Get(this JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out var value)
            ? value
            : throw Changed($"{name} is missing");

    public static JsonElement? Find(this JsonElement parent, string name) =>
        parent.ValueKind is JsonValueKind.Object
        && parent.TryGetProperty(name, out var value)
        && value.ValueKind is not JsonValueKind.Null
            ? value
            : null;

    public static IEnumerable<JsonElement> Items(this JsonElement list) =>
        list.ValueKind is JsonValueKind.Array ? list.EnumerateArray() : throw Changed("a list is expected");

    public static IEnumerable<JsonProperty> Members(this JsonElement map) =>
        map.ValueKind is JsonValueKind.Object ? map.EnumerateObject() : throw Changed("an object is expected");

    /// <summary>A row of columns without names.</summary>
    public static JsonElement[] Row(this JsonElement row, int columns)
    {
        var cells = row.Items().ToArray();
        return cells.Length >= columns ? cells : throw Changed($"a row has {cells.Length} columns, not {columns}");
    }

    public static string Text(this JsonElement parent, string name) => parent.Get(name).ToText(name);

    public static string ToText(this JsonElement value, string name) =>
        value.ValueKind is JsonValueKind.String ? Text(value.GetString(), name) : throw Changed($"{name} is no text");

    /// <summary>The name of a member, where that is an id or an asset.</summary>
    public static string Key(this JsonProperty member) => Text(member.Name, "the name of a member");

    public static bool Flag(this JsonElement parent, string name) =>
        parent.Get(name).ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Changed($"{name} is neither true nor false"),
        };

    public static long Whole(this JsonElement parent, string name) =>
        parent.Get(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number)
            ? number
            : throw Changed($"{name} is no whole number");

    public static decimal Number(this JsonElement parent, string name) => parent.Get(name).ToNumber(name);

    /// <summary>A JSON number or a string that holds one: providers use both, for the same field at times.</summary>
    public static decimal ToNumber(this JsonElement value, string name, int maxDecimals = Exact.MaxDecimals)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString()!,
            _ => "",
        };
        return Exact.TryParse(text, allowExponent: true, out var number, maxDecimals)
            ? number
            : throw Changed($"{name} is no number of at most {Exact.MaxSignificantDigits} digits");
    }

    public static decimal NotNegative(this JsonElement value, string name)
    {
        var number = value.ToNumber(name);
        return number >= 0 ? number : throw Changed($"{name} is negative");
    }

    /// <summary>
    /// Null where it is 0, which is how providers write that there is none. Averages have more decimals than are stored: half-even at the 18th.
    /// </summary>
    public static decimal? Price(this JsonElement value, string name)
    {
        var price = decimal.Round(value.ToNumber(name, Exact.MaxSignificantDigits), Exact.MaxDecimals);
        return price switch
        {
            > 0 => price,
            0 => null,
            _ => throw Changed($"{name} is negative"),
        };
    }

    public static DateTimeOffset UnixSeconds(this JsonElement value, string name) =>
        At(value.ToNumber(name), TimeSpan.TicksPerSecond, name);

    public static DateTimeOffset UnixMilliseconds(this JsonElement value, string name) =>
        At(value.ToNumber(name), TimeSpan.TicksPerMillisecond, name);

    public static DateTimeOffset Rfc3339(this JsonElement parent, string name) =>
        UtcTime.TryParse(parent.Text(name), out var time) ? time : throw Changed($"{name} is no time");

    /// <summary>Such as 2019-11-21T01:38:23.878Z, in requests.</summary>
    public static string Rfc3339(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static ConnectorException Changed(string what) =>
        new(ConnectorFault.ChangedFormat, $"The answer is not in the format that is known: {what}.");

    /// <summary>Such as can be stored and shown.</summary>
    private static string Text(string? text, string name) =>
        text is { Length: > 0 and <= MaxText } && !text.Any(char.IsControl)
            ? text
            : throw Changed($"{name} is no text");

    private static DateTimeOffset At(decimal units, long ticksAUnit, string name) =>
        units >= 0 && units < (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / ticksAUnit
            ? UtcTime.CutToMicroseconds(DateTimeOffset.UnixEpoch.AddTicks((long)(units * ticksAUnit)))
            : throw Changed($"{name} is no time");
}
