using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CryptoBeacon.Application.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace CryptoBeacon.Infrastructure.Audit;

/// <summary>
/// What changes of a row, as <c>{"before":{…},"after":{…}}</c>, null where there was or is nothing. The database's twin is <c>audit.changes</c>; what is
/// called a secret the database takes out of both, by <c>audit.redacted</c>, before anything is stored.
/// </summary>
internal static class AuditedChanges
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
            JsonSerializer.Serialize(json, value(property), BeaconJson.Options);
        }

        json.WriteEndObject();
    }
}
