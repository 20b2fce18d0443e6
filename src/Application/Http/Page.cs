using System.Buffers.Text;
using System.Text.Json;
using CryptoBeacon.Application.Json;

namespace CryptoBeacon.Application.Http;

/// <summary>One page of a list; <c>nextCursor</c> is null on the last.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    /// <summary>
    /// From rows that were read with a limit of <see cref="PageSize.AndOneMore"/>: the one too many only tells that there is a next page.
    /// </summary>
    public static Page<T> From<TPosition>(IReadOnlyList<T> rows, int? limit, Func<T, TPosition> position)
        where TPosition : class
    {
        var size = PageSize.Of(limit);
        return rows.Count <= size
            ? new Page<T>(rows, null)
            : new Page<T>([.. rows.Take(size)], Cursor.Encode(position(rows[size - 1])));
    }
}

public static class PageSize
{
    public const int Default = 50;
    public const int Max = 200;

    public static int Of(int? limit) => limit ?? Default;

    public static int AndOneMore(int? limit) => Of(limit) + 1;
}

/// <summary>
/// Where a list goes on: the sort key of the last row shown, opaque to the client. Keyset, not offset, so that rows that come in between
/// are neither skipped nor shown twice.
/// </summary>
public static class Cursor
{
    public static string Encode<TPosition>(TPosition position)
        where TPosition : class =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(position, BeaconJson.Options));

    public static bool TryDecode<TPosition>(string cursor, out TPosition position)
        where TPosition : class
    {
        position = null!;
        if (cursor.Length > 1024 || !Base64Url.IsValid(cursor))
        {
            return false;
        }

        try
        {
            position = JsonSerializer.Deserialize<TPosition>(Base64Url.DecodeFromChars(cursor), Strict)!;
            return position is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The position that a validated cursor names; null at the start of the list.</summary>
    public static TPosition? Decode<TPosition>(string? cursor)
        where TPosition : class =>
        cursor is not null && TryDecode<TPosition>(cursor, out var position) ? position : null;

    // A cursor of another list lacks properties of this one's position: refused, not read as zeros.
    private static readonly JsonSerializerOptions Strict = new(BeaconJson.Options)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };
}
