using System.Runtime.CompilerServices;
using System.Text;
using CryptoBeacon.Trading.Domain;
using CsvHelper;

namespace CryptoBeacon.Trading.Files;

/// <summary>A file of trades, read as a stream: however long it is, one row of it is in memory.</summary>
internal sealed class TradeFile : IAsyncDisposable
{
    public const string Body = "body";

    /// <summary>Notes of 4,000 characters in any script, quoted, and everything else of a trade.</summary>
    private const int MaxRecordBytes = 64 * 1024;

    /// <summary>Before its header a file may say whose it is, and more.</summary>
    private const int MaxPreambleRecords = 10;

    private readonly CsvReader? _csv;
    private readonly ITradeReader? _reader;
    private readonly Dictionary<long, string> _malformed;
    private readonly IReadOnlyList<FileRow> _rows = [];
    private readonly int _columns;

    private TradeFile(
        CsvReader csv,
        int columns,
        ImportFormat format,
        ITradeReader reader,
        Dictionary<long, string> malformed
    )
    {
        (_csv, _columns, Format, _reader, _malformed) = (csv, columns, format, reader, malformed);
    }

    private TradeFile(ImportFormat format, IReadOnlyList<FileRow> rows)
    {
        (Format, _rows, _malformed) = (format, rows, []);
    }

    public ImportFormat Format { get; }

    /// <summary>Finds out what wrote it, or what is wrong with it as a whole.</summary>
    public static async Task<Result<TradeFile>> OpenAsync(
        Stream content,
        Encoding encoding,
        ImportFormat wanted,
        string? fileName,
        SymbolTable symbols,
        CancellationToken cancellationToken
    ) =>
        await IsJsonAsync(content, cancellationToken)
            ? await OpenJsonAsync(content, wanted, symbols, cancellationToken)
            : await OpenCsvAsync(content, encoding, wanted, fileName, symbols, cancellationToken);

    /// <exception cref="CsvFormatException">From here on it is not CSV, or a row is too long.</exception>
    public async IAsyncEnumerable<FileRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var row in _rows)
        {
            yield return row;
        }

        while (_csv is not null && await _csv.ReadAsync(cancellationToken))
        {
            foreach (var row in Read(_csv))
            {
                yield return row;
            }
        }

        foreach (var row in _reader?.End() ?? [])
        {
            yield return row;
        }
    }

    public static Error NotCsv(CsvFormatException exception) =>
        Error.Invalid(
            Body,
            $"is not CSV near line {Math.Max(1, exception.LineNumber)}, or a row there is longer than {MaxRecordBytes} bytes"
        );

    public ValueTask DisposeAsync() => _csv?.DisposeAsync() ?? ValueTask.CompletedTask;

    private IEnumerable<FileRow> Read(CsvReader csv)
    {
        var line = csv.LineNumber;
        if (_malformed.Remove(line))
        {
            return [new FileRow.Rejected(line, "has quotes that do not match")];
        }

        if (csv.FieldCount != _columns)
        {
            return [new FileRow.Rejected(line, $"has {csv.FieldCount} fields where the header has {_columns}")];
        }

        var cells = Cells(csv);
        if (Array.Exists(cells, cell => cell.Contains((char)Rune.ReplacementChar.Value, StringComparison.Ordinal)))
        {
            return [new FileRow.Rejected(line, $"is not in {csv.Options.Encoding?.WebName ?? "utf-8"}")];
        }

        try
        {
            return _reader!.Read(new FileCells(line, cells));
        }
        catch (UnreadableRowException exception)
        {
            return [new FileRow.Rejected(line, exception.Message)];
        }
    }

    private static async Task<Result<TradeFile>> OpenCsvAsync(
        Stream content,
        Encoding encoding,
        ImportFormat wanted,
        string? fileName,
        SymbolTable symbols,
        CancellationToken cancellationToken
    )
    {
        var malformed = new Dictionary<long, string>();
        var csv = CsvReader.Create(
            content,
            CsvReaderOptions.Default with
            {
                HasHeader = false,
                Encoding = encoding is UTF8Encoding ? null : encoding,
                TrackLineNumbers = true,
                MaxRecordSize = MaxRecordBytes,
                PoolStrings = true,
                IncludeValuesInExceptions = false,
                OnMalformedRecord = record => malformed.TryAdd(record.LineNumber, record.Reason.ToString()),
            },
            leaveOpen: true
        );
        try
        {
            FileHeader? first = null;
            for (var i = 0; i < MaxPreambleRecords && await csv.ReadAsync(cancellationToken); i++)
            {
                var header = new FileHeader(Cells(csv), fileName, symbols);
                if (TradeFormats.Recognise(wanted, header) is var (format, reader))
                {
                    return new TradeFile(csv, header.Columns.Count, format, reader, malformed);
                }

                first ??= header;
            }

            await csv.DisposeAsync();
            return TradeFormats.Refusal(wanted, first ?? new FileHeader([], fileName, symbols));
        }
        catch (CsvFormatException exception)
        {
            await csv.DisposeAsync();
            return NotCsv(exception);
        }
    }

    private static string[] Cells(CsvReader csv)
    {
        var cells = new string[csv.FieldCount];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = csv.GetString(i);
        }

        return cells;
    }

    /// <summary>By its first character, since people send such a file as what it is not.</summary>
    private static async Task<bool> IsJsonAsync(Stream content, CancellationToken cancellationToken)
    {
        var start = new byte[64];
        var read = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        content.Position = 0;
        return start[..read]
                .FirstOrDefault(b =>
                    b is not (0xEF or 0xBB or 0xBF or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                ) == (byte)'{';
    }

    private static async Task<Result<TradeFile>> OpenJsonAsync(
        Stream content,
        ImportFormat wanted,
        SymbolTable symbols,
        CancellationToken cancellationToken
    )
    {
        if (content.Length > JsonTradeFile.MaxBytes)
        {
            return new Error(
                ErrorKind.PayloadTooLarge,
                "payload_too_large",
                "JSON has up to 4 MiB; as CSV it may have 256 MiB."
            );
        }

        var json = new byte[content.Length];
        await content.ReadExactlyAsync(json, cancellationToken);
        return JsonTradeFile.Read(json, wanted, symbols) is var (format, rows)
            ? new TradeFile(format, rows)
            : Error.Invalid(
                "format",
                "of this JSON can't be recognised: it has a list items, as our export, or activities, as Ghostfolio's"
            );
    }
}
