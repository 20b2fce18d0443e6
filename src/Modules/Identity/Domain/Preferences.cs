using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Identity.Domain;

/// <summary>A client's own settings: any JSON object that PostgreSQL can hold, within limits.</summary>
internal static class Preferences
{
    public const int MaxBytes = 16 * 1024;
    public const int MaxDepth = 16;

    /// <summary>Why this can't be stored; null when it can.</summary>
    public static string? Complaint(JsonObject preferences)
    {
        if (Flaw(preferences, depth: 1) is { } flaw)
        {
            return flaw;
        }

        return Encoding.UTF8.GetByteCount(preferences.ToJsonString(BeaconJson.Options)) > MaxBytes
            ? $"must have at most {MaxBytes / 1024} KiB"
            : null;
    }

    private static string? Flaw(JsonNode? node, int depth) =>
        node switch
        {
            null => null,
            JsonObject or JsonArray when depth > MaxDepth => $"must be nested at most {MaxDepth} levels deep",
            JsonObject members => members
                .Select(member => TextFlaw(member.Key) ?? Flaw(member.Value, depth + 1))
                .FirstOrDefault(flaw => flaw is not null),
            JsonArray items => items.Select(item => Flaw(item, depth + 1)).FirstOrDefault(flaw => flaw is not null),
            _ => ValueFlaw(node),
        };

    private static string? ValueFlaw(JsonNode value) =>
        value.GetValueKind() switch
        {
            JsonValueKind.String => TextFlaw(value),
            // jsonb writes numbers out: 1e999999 would be a million digits.
            JsonValueKind.Number => Exact.TryParse(value.ToJsonString(), allowExponent: true, out _)
                ? null
                : $"numbers {Exact.Rule}",
            _ => null,
        };

    private static string? TextFlaw(JsonNode value)
    {
        try
        {
            return TextFlaw(value.GetValue<string>());
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which JSON can write and no text can hold.
            return "must contain valid Unicode only";
        }
    }

    private static string? TextFlaw(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? "must not contain the NUL character" : null;
}
