using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using CryptoBeacon.Application.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace CryptoBeacon.Infrastructure.Audit;

/// <summary>What changes of a row, as <c>{"before":{…},"after":{…}}</c>, null where there was or is nothing. The database's twin is <c>audit.changes</c>.</summary>
internal static partial class AuditedChanges
{
    private const string Redacted = "redacted";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>By its name: refused unless known to be harmless is what keeps the next secret out, too.</summary>
    public static bool IsSecret(string name) => SecretName().IsMatch(name);

    /// <returns>Null: nothing that matters.</returns>
    public static string? Of(EntityEntry entry)
    {
        var properties = entry
            .Properties.Where(property => Matters(property) && Differs(entry.State, property))
            .ToList();
        if (properties.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            Write(json, "before", entry.State is EntityState.Added ? null : properties, p => p.OriginalValue);
            Write(json, "after", entry.State is EntityState.Deleted ? null : properties, p => p.CurrentValue);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool Matters(PropertyEntry property) =>
        !property.Metadata.IsPrimaryKey()
        && !property.Metadata.IsConcurrencyToken
        && property.Metadata.Name is not ("UserId" or "CreatedAt" or "UpdatedAt");

    private static bool Differs(EntityState state, PropertyEntry property) =>
        state switch
        {
            EntityState.Added => property.CurrentValue is not null,
            EntityState.Deleted => property.OriginalValue is not null,
            _ => property.IsModified,
        };

    private static void Write(
        Utf8JsonWriter json,
        string part,
        IEnumerable<PropertyEntry>? properties,
        Func<PropertyEntry, object?> value
    )
    {
        json.WritePropertyName(part);
        if (properties is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        foreach (var property in properties)
        {
            json.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(property.Metadata.Name));
            var shown = value(property);
            JsonSerializer.Serialize(
                json,
                shown is not null && IsSecret(property.Metadata.Name) ? Redacted : shown,
                BeaconJson.Options
            );
        }

        json.WriteEndObject();
    }

    [GeneratedRegex(
        "(password|secret|token|hash|fingerprint|api_?key|recovery|totp|otp|code$)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex SecretName();
}
