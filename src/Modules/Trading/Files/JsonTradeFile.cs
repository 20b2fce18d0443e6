using System.Text.Json;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files.Formats;

namespace CryptoBeacon.Trading.Files;

/// <summary>Files of trades that are JSON: an object one of whose members is the list of them, by whose name it is recognised.</summary>
internal static class JsonTradeFile
{
    /// <summary>What the contract takes as JSON; it is read in one piece.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    private static readonly (string List, ImportFormat Format)[] Formats =
    [
        (CryptoBeaconJson.List, ImportFormat.Cryptobeacon),
        (GhostfolioFile.List, ImportFormat.Ghostfolio),
    ];

    /// <summary>Null when it is JSON of another kind than was asked for, or none.</summary>
    public static (ImportFormat Format, IReadOnlyList<FileRow> Rows)? Read(
        ReadOnlySpan<byte> json,
        ImportFormat wanted,
        SymbolTable symbols
    )
    {
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        try
        {
            var reader = new Utf8JsonReader(json, Options);
            return FormatOf(ref reader) is { } format && (wanted == ImportFormat.Auto || wanted == format)
                ? (format, ReadList(ref reader, json, format, symbols))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Leaves the reader at the beginning of the list.</summary>
    private static ImportFormat? FormatOf(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            foreach (var (list, format) in Formats)
            {
                if (name == list && reader.TokenType == JsonTokenType.StartArray)
                {
                    return format;
                }
            }

            reader.Skip();
        }

        return null;
    }

    private static List<FileRow> ReadList(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> json,
        ImportFormat format,
        SymbolTable symbols
    )
    {
        var rows = new List<FileRow>();
        var (line, counted, last) = (1L, 0, 0L);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            line += json[counted..start].Count((byte)'\n');
            counted = start;
            // Rows are told apart by their lines; where JSON is written without any, they are numbered.
            last = Math.Max(line, last + 1);
            using var item = JsonDocument.ParseValue(ref reader);
            rows.Add(
                format == ImportFormat.Ghostfolio
                    ? GhostfolioFile.Read(last, item.RootElement, symbols)
                    : CryptoBeaconJson.Read(last, item.RootElement)
            );
        }

        // What follows has to be JSON, too.
        while (reader.Read()) { }

        return rows;
    }
}
