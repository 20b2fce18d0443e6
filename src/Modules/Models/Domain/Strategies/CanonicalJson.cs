using System.Text.Json;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>One text for all spellings of a value: properties in the order of their names, no white space, numbers in plain notation, strings that hold one included.</summary>
internal static class CanonicalJson
{
    public static string Of(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object =>
                $"{{{string.Join(',', json.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal).Select(property => $"{JsonSerializer.Serialize(property.Name)}:{Of(property.Value)}"))}}}",
            JsonValueKind.Array => $"[{string.Join(',', json.EnumerateArray().Select(Of))}]",
            JsonValueKind.Number when Exact.TryParse(json.GetRawText(), allowExponent: true, out var number) =>
                $"\"{Exact.Format(number)}\"",
            JsonValueKind.String when Exact.TryParse(json.GetString(), allowExponent: false, out var number) =>
                $"\"{Exact.Format(number)}\"",
            JsonValueKind.String => JsonSerializer.Serialize(json.GetString()),
            _ => json.GetRawText(),
        };
}
