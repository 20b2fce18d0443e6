using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CryptoBeacon.Infrastructure.Audit;

/// <summary>
/// An entry as it is stored, whose hash is worked out here and not by <c>audit.entry_hash</c>, which wrote it: who holds the database can change that function, too, and reading the
/// bytes takes less than making them there. A test holds one against the other.
/// </summary>
internal sealed record SealedEntry(
    long Sequence,
    byte[] PreviousHash,
    byte[] Hash,
    DateTime OccurredAt,
    Guid? ActorId,
    byte[]? SealedAddress,
    Guid? UserId,
    string Entity,
    string EntityId,
    string Action,
    byte[]? Changes,
    byte[]? SealedChanges
)
{
    // What JSON can't hold as it is.
    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (char)code),
        '"',
        '\\',
    ]);

    /// <summary>In the order of the parameters.</summary>
    public const string Columns =
        "sequence, previous_hash, hash, occurred_at, actor_id, sealed_address, user_id, entity, entity_id, action, changes::text, sealed_changes";

    public static SealedEntry Read(DbDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetFieldValue<byte[]>(1),
            row.GetFieldValue<byte[]>(2),
            row.GetDateTime(3),
            row.IsDBNull(4) ? null : row.GetGuid(4),
            row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5),
            row.IsDBNull(6) ? null : row.GetGuid(6),
            row.GetString(7),
            row.GetString(8),
            row.GetString(9),
            row.IsDBNull(10) ? null : row.GetFieldValue<byte[]>(10),
            row.IsDBNull(11) ? null : row.GetFieldValue<byte[]>(11)
        );

    /// <summary>SHA-256 of the canonical form, form 2: a JSON array as PostgreSQL prints it.</summary>
    /// <param name="form">Room for it, the same for one entry after the other.</param>
    public byte[] ComputeHash(ArrayBufferWriter<byte> form)
    {
        form.ResetWrittenCount();
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"[2, {Hex(PreviousHash)}, {Sequence}, \"{OccurredAt:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}\", {Id(ActorId)}, {Hex(SealedAddress)}, {Id(UserId)}, {Text(Entity)}, {Text(EntityId)}, {Text(Action)}, "
        );
        Encoding.UTF8.GetBytes(head, form);
        form.Write(Changes ?? "null"u8);
        Encoding.UTF8.GetBytes($", {Hex(SealedChanges)}]", form);
        return SHA256.HashData(form.WrittenSpan);
    }

    private static string Hex(byte[]? bytes) => bytes is null ? "null" : $"\"{Convert.ToHexStringLower(bytes)}\"";

    private static string Id(Guid? id) => id is null ? "null" : $"\"{id}\"";

    private static string Text(string text)
    {
        if (!text.AsSpan().ContainsAny(Escaped))
        {
            return $"\"{text}\"";
        }

        var escaped = new StringBuilder("\"");
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' or '\\' => escaped.Append('\\').Append(character),
                '\b' => escaped.Append("\\b"),
                '\f' => escaped.Append("\\f"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                < ' ' => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }

        return escaped.Append('"').ToString();
    }
}
