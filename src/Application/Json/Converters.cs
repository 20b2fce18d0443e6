using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Application.Json;

/// <summary>Money, prices, quantities and ratios: strings in plain notation out, strings or numbers in, never rounded.</summary>
public sealed class ExactDecimalConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var isNumber = reader.TokenType == JsonTokenType.Number;
        if (!isNumber && reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException(Exact.Rule);
        }

        var text = isNumber ? NumberText(ref reader) : reader.GetString();
        return Exact.TryParse(text, allowExponent: isNumber, out var value)
            ? value
            : throw new JsonException(Exact.Rule);
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[ByHand.MaxBytes];
        writer.WriteStringValue(text[..Exact.Format(value, text)]);
    }

    /// <summary>A body arrives in pieces, and a number may lie across two of them.</summary>
    private static string NumberText(ref Utf8JsonReader reader) =>
        reader.HasValueSequence
            ? Encoding.ASCII.GetString(reader.ValueSequence)
            : Encoding.ASCII.GetString(reader.ValueSpan);
}

/// <summary>RFC 3339: any offset in, UTC with <c>Z</c> out; cut to microseconds, which is what PostgreSQL keeps.</summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && UtcTime.TryParse(reader.GetString(), out var time)
            ? time
            : throw new JsonException(UtcTime.Rule);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[ByHand.MaxBytes];
        writer.WriteStringValue(text[..UtcTime.Format(value, text)]);
    }
}

/// <summary>ISO 8601 durations of whole seconds.</summary>
public sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Duration.TryParse(reader.GetString(), out var duration)
            ? duration
            : throw new JsonException(Duration.Rule);

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Duration.Format(value));
}

/// <summary>
/// Texts are trimmed and must be storable: NUL, which PostgreSQL refuses, is refused here with the field's name. A text that must
/// stay as it is (a password) says so with <see cref="VerbatimTextConverter"/>.
/// </summary>
public sealed class TrimmedTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        VerbatimTextConverter.Read(ref reader)?.Trim();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    public override string ReadAsPropertyName(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);
}

/// <summary>A text that is taken to the letter: passwords, codes, secrets.</summary>
public sealed class VerbatimTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);

    internal static string? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
        {
            throw new JsonException("must be a text");
        }

        var text = reader.GetString();
        return text is not null && text.Contains('\0', StringComparison.Ordinal)
            ? throw new JsonException("must not contain the NUL character")
            : text;
    }
}

/// <summary>UUIDs in their usual form of 36 characters.</summary>
public sealed class IdConverter : JsonConverter<Guid>
{
    public override Guid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Guid.TryParseExact(reader.GetString(), "D", out var id)
            ? id
            : throw new JsonException("must be a UUID");

    public override void Write(Utf8JsonWriter writer, Guid value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}

/// <summary>An object of any shape. .NET leaves it to the dictionary behind it to refuse what is given twice, which no client should read.</summary>
public sealed class FreeObjectConverter : JsonConverter<JsonObject>
{
    public override JsonObject? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return JsonMetadataServices.JsonObjectConverter.Read(ref reader, typeToConvert, options);
        }
        catch (ArgumentException)
        {
            throw new JsonException("must not give a property twice");
        }
    }

    public override void Write(Utf8JsonWriter writer, JsonObject value, JsonSerializerOptions options) =>
        value.WriteTo(writer, options);
}

/// <summary>Enums by their <see cref="WireName"/>, to the letter: a program that guesses at spellings should learn of it at once.</summary>
public sealed class WireNameConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert))!;

    private sealed class Of<TEnum> : JsonConverter<TEnum>
        where TEnum : struct, Enum
    {
        public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && WireName.TryParse<TEnum>(reader.GetString(), out var member)
                ? member
                : throw new JsonException(WireName.Rule<TEnum>());

        public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
            writer.WriteStringValue(WireName.Of(value));
    }
}
