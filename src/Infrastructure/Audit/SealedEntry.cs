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

    private const int LongestNumber = 20;
    private const int LongestTime = 32;
    private const int IdLength = 36;

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
        form.Write("[2, "u8);
        WriteHex(form, PreviousHash);
        form.Write(", "u8);
        Sequence.TryFormat(form.GetSpan(LongestNumber), out var digits, provider: CultureInfo.InvariantCulture);
        form.Advance(digits);
        form.Write(", \""u8);
        // The fastest of the formats writes a digit more than PostgreSQL has.
        OccurredAt.TryFormat(form.GetSpan(LongestTime), out _, "O", CultureInfo.InvariantCulture);
        form.Advance("yyyy-MM-ddTHH:mm:ss.ffffff".Length);
        form.Write("Z\", "u8);
        WriteId(form, ActorId);
        form.Write(", "u8);
        WriteHex(form, SealedAddress);
        form.Write(", "u8);
        WriteId(form, UserId);
        foreach (var text in (ReadOnlySpan<string>)[Entity, EntityId, Action])
        {
            form.Write(", "u8);
            Encoding.UTF8.GetBytes(Quoted(text), form);
        }

        form.Write(", "u8);
        form.Write(Changes ?? "null"u8);
        form.Write(", "u8);
        WriteHex(form, SealedChanges);
        form.Write("]"u8);
        return SHA256.HashData(form.WrittenSpan);
    }

    private static void WriteHex(ArrayBufferWriter<byte> form, byte[]? bytes)
    {
        if (bytes is null)
        {
            form.Write("null"u8);
            return;
        }

        form.Write("\""u8);
        Convert.TryToHexStringLower(bytes, form.GetSpan(bytes.Length * 2), out var written);
        form.Advance(written);
        form.Write("\""u8);
    }

    private static void WriteId(ArrayBufferWriter<byte> form, Guid? id)
    {
        if (id is null)
        {
            form.Write("null"u8);
            return;
        }

        form.Write("\""u8);
        id.Value.TryFormat(form.GetSpan(IdLength), out var written);
        form.Advance(written);
        form.Write("\""u8);
    }

    private static string Quoted(string text)
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
