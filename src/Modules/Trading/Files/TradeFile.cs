using System.Text;
using CryptoBeacon.Trading.Domain;
using CsvHelper;

namespace CryptoBeacon.Trading.Files;

/// <summary>A row of a file: a trade, or why it is none.</summary>
/// <param name="Line">From 1, the header and the lines inside quotes included: what a text editor shows.</param>
internal sealed record TradeFileRow(long Line, TradeInput? Trade, string? Error);

/// <summary>Reads CSV files of trades.</summary>
internal static class TradeFile
{
    /// <summary>Notes of 4,000 characters in any script, quoted, and everything else of a trade.</summary>
    private const int MaxRecordBytes = 64 * 1024;

    /// <summary>Beyond, the rows would not fit the memory of a small server.</summary>
    public const int MaxRows = 500_000;

    /// <summary>The rows in the file's order, or what is wrong with the file as a whole.</summary>
    public static async Task<Result<IReadOnlyList<TradeFileRow>>> ReadAsync(
        Stream content,
        Encoding encoding,
        CancellationToken cancellationToken
    )
    {
        var malformed = new Dictionary<long, string>();
        var options = CsvReaderOptions.Default with
        {
            Encoding = encoding is UTF8Encoding ? null : encoding,
            TrackLineNumbers = true,
            MaxRecordSize = MaxRecordBytes,
            IncludeValuesInExceptions = false,
            OnMalformedRecord = record => malformed.TryAdd(record.LineNumber, record.Reason.ToString()),
        };
        await using var csv = CsvReader.Create(content, options, leaveOpen: true);
        try
        {
            await csv.ReadHeaderAsync(cancellationToken);
            var format = CryptoBeaconFormat.Recognise(csv.Headers);
            if (!format.IsSuccess)
            {
                return format.Error;
            }

            var rows = new List<TradeFileRow>();
            while (await csv.ReadAsync(cancellationToken))
            {
                if (rows.Count == MaxRows)
                {
                    return Error.Invalid(Body, $"has more than {MaxRows} rows; split the file");
                }

                rows.Add(ReadRow(csv, format.Value, malformed));
            }

            return rows;
        }
        catch (CsvFormatException exception)
        {
            return Error.Invalid(
                Body,
                $"is not CSV near line {Math.Max(1, exception.LineNumber)}, or a row there is longer than {MaxRecordBytes} bytes"
            );
        }
    }

    public const string Body = "body";

    private static TradeFileRow ReadRow(CsvReader csv, CryptoBeaconFormat format, Dictionary<long, string> malformed)
    {
        var line = csv.LineNumber;
        if (malformed.ContainsKey(line))
        {
            return new TradeFileRow(line, null, "has quotes that do not match");
        }

        if (csv.FieldCount != csv.Headers.Count)
        {
            return new TradeFileRow(
                line,
                null,
                $"has {csv.FieldCount} fields where the header has {csv.Headers.Count}"
            );
        }

        var cells = Enumerable.Range(0, csv.FieldCount).Select(csv.GetString).ToArray();
        if (cells.Any(cell => cell.Contains((char)Rune.ReplacementChar.Value, StringComparison.Ordinal)))
        {
            return new TradeFileRow(line, null, $"is not in {csv.Options.Encoding?.WebName ?? "utf-8"}");
        }

        var errors = new List<string>();
        var trade = format.Read(cells, errors);
        return errors.Count == 0
            ? new TradeFileRow(line, trade, null)
            : new TradeFileRow(line, null, string.Join("; ", errors));
    }
}
