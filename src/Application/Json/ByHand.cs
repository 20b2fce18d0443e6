using System.Text.Json;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Application.Json;

/// <summary>Numbers and times as the converters write them, without a text in between: for lists of tens of thousands.</summary>
public static class ByHand
{
    /// <summary>A decimal's 29 digits, its sign and its point, and an instant to the microsecond.</summary>
    public const int MaxBytes = 32;

    public static void WriteExact(this Utf8JsonWriter json, JsonEncodedText name, decimal value)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        json.WriteString(name, text[..Exact.Format(value, text)]);
    }

    public static void WriteExactOrNull(this Utf8JsonWriter json, JsonEncodedText name, decimal? value)
    {
        if (value is { } known)
        {
            json.WriteExact(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    public static void WriteTime(this Utf8JsonWriter json, JsonEncodedText name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[MaxBytes];
        json.WriteString(name, text[..UtcTime.Format(time, text)]);
    }
}
