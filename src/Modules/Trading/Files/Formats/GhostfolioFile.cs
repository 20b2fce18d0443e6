using System.Text.Json;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files.Formats;

/// <summary>Ghostfolio's JSON export: a list <c>activities</c>, of which those of coins are trades.</summary>
internal static class GhostfolioFile
{
    /// <summary>What the contract takes as JSON; it is read in one piece.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Null when it is JSON of another kind, or none.</summary>
    public static IReadOnlyList<FileRow>? Read(ReadOnlySpan<byte> json, SymbolTable symbols)
    {
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
            return IsAtActivities(ref reader) ? ReadActivities(ref reader, json, symbols) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsAtActivities(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals("activities");
            reader.Read();
            if (isIt)
            {
                return reader.TokenType == JsonTokenType.StartArray;
            }

            reader.Skip();
        }

        return false;
    }

    private static List<FileRow> ReadActivities(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, SymbolTable symbols)
    {
        var rows = new List<FileRow>();
        var (line, counted) = (1L, 0);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            line += json[counted..start].Count((byte)'\n');
            counted = start;
            using var activity = JsonDocument.ParseValue(ref reader);
            rows.Add(ReadActivity(line, activity.RootElement, symbols));
        }

        // What follows has to be JSON, too.
        while (reader.Read()) { }

        return rows;
    }

    private static FileRow ReadActivity(long line, JsonElement activity, SymbolTable symbols)
    {
        try
        {
            var type = Required(activity, "type").ToUpperInvariant();
            return type is "BUY" or "SELL"
                    ? new FileRow.Entry(
                        line,
                        new FileEntry
                        {
                            Type = type == "BUY" ? TradeType.Buy : TradeType.Sell,
                            At = Cell.Time(Required(activity, "date"), "date"),
                            Asset = AssetOf(activity, symbols),
                            Quantity = Number(activity, "quantity"),
                            Quote = Required(activity, "currency").ToUpperInvariant(),
                            Price = Number(activity, "unitPrice"),
                            Fee = Number(activity, "fee"),
                            FeeAsset = Required(activity, "currency").ToUpperInvariant(),
                            ExternalId = Text(activity, "id"),
                            Notes = Text(activity, "comment"),
                        }
                    )
                : type is "DIVIDEND" or "FEE" or "INTEREST" or "ITEM" or "LIABILITY"
                    ? new FileRow.Skipped(line, $"is no movement of a coin ({type})")
                : throw new UnreadableRowException($"type: {Cell.Shorten(type)} is not understood");
        }
        catch (UnreadableRowException exception)
        {
            return new FileRow.Rejected(line, exception.Message);
        }
    }

    /// <summary>Yahoo's coins end with the dollar that they are priced in; its other symbols are stocks, though some coins are called the same.</summary>
    private static string AssetOf(JsonElement activity, SymbolTable symbols)
    {
        var symbol = Required(activity, "symbol");
        var upper = symbol.ToUpperInvariant();
        if (Text(activity, "dataSource")?.ToUpperInvariant() is not "YAHOO" || symbols.Mapped.Contains(upper))
        {
            return upper;
        }

        return upper.EndsWith("USD", StringComparison.Ordinal) && upper.Length > 3
            ? upper[..^3].TrimEnd('-')
            : throw new UnreadableRowException(
                $"symbol: {Cell.Shorten(symbol)} is no coin's at Yahoo; symbols={upper}:its-coin-id maps it"
            );
    }

    private static string? Text(JsonElement activity, string name) =>
        activity.ValueKind == JsonValueKind.Object
        && activity.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString() is { Length: > 0 } text
                ? text
                : null
            : null;

    private static string Required(JsonElement activity, string name) =>
        Text(activity, name) ?? throw new UnreadableRowException($"{name}: is required");

    private static decimal Number(JsonElement activity, string name)
    {
        if (
            activity.ValueKind != JsonValueKind.Object
            || !activity.TryGetProperty(name, out var value)
            || value.ValueKind != JsonValueKind.Number
        )
        {
            throw new UnreadableRowException($"{name}: must be a number");
        }

        return Exact.TryParse(value.GetRawText(), allowExponent: true, out var number)
            ? number
            : throw new UnreadableRowException($"{name}: {Exact.Rule}");
    }
}
