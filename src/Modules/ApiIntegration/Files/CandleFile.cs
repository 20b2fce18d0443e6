using System.Globalization;
using System.Runtime.CompilerServices;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Domain.Values;
using CsvHelper;

namespace CryptoBeacon.ApiIntegration.Files;

/// <param name="Line">From 1, the header included.</param>
internal sealed record RejectedRow(int Line, string Error);

/// <summary>
/// Candles as comma-separated values, read as they arrive: <c>time,open,high,low,close,volume</c> in any order, further columns are not read.
/// Times are RFC 3339 or Unix milliseconds.
/// </summary>
internal sealed class CandleFile : IDisposable
{
    public const int MaxRejected = 10_000;

    // As 12 digits or more: a time in seconds would silently be one of 1970.
    private const long FirstMilliseconds = 100_000_000_000;

    private static readonly string[] Columns = ["time", "open", "high", "low", "close", "volume"];

    // What archives of exchanges call it.
    private const string ArchiveTimeColumn = "open_time_ms";

    // A candle is a line of numbers: a quote that is never closed ends with its line, and a line that never ends ends the reading.
    private static readonly CsvReaderOptions Format = new()
    {
        Separator = ',',
        HasHeader = false,
        AllowLineBreaksInQuotes = false,
        TrimWhitespace = true,
        MalformedData = CsvMalformedDataHandling.Recover,
        FieldCountMismatch = CsvFieldCountHandling.Allow,
        MaxRecordSize = 64 * 1024,
        TrackLineNumbers = true,
    };

    private readonly CsvReader _rows;
    private readonly int[] _positions;
    private readonly int _width;
    private readonly CandleInterval _interval;
    private readonly DateTimeOffset _now;

    private CandleFile(CsvReader rows, int[] positions, int width, CandleInterval interval, DateTimeOffset now)
    {
        _rows = rows;
        _positions = positions;
        _width = width;
        _interval = interval;
        _now = now;
    }

    /// <summary>The rows that were passed over so far.</summary>
    public List<RejectedRow> Rejected { get; } = [];

    public bool HasTooManyRejected => Rejected.Count > MaxRejected;

    /// <summary>Reads the header.</summary>
    public static async Task<Result<CandleFile>> OpenAsync(
        Stream csv,
        CandleInterval interval,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var rows = CsvReader.Create(csv, Format, leaveOpen: true);
        try
        {
            var header = await rows.ReadAsync(cancellationToken)
                ? Enumerable.Range(0, rows.FieldCount).Select(field => Normalize(rows.GetString(field))).ToArray()
                : [];
            var positions = Columns.Select(column => Array.IndexOf(header, column)).ToArray();
            if (!positions.Contains(-1))
            {
                return new CandleFile(rows, positions, header.Length, interval, now);
            }
        }
        catch (CsvFormatException) { }

        rows.Dispose();
        return Error.Invalid(
            JsonErrors.WholeBody,
            $"must start with a line that names the columns {string.Join(',', Columns)}"
        );
    }

    /// <summary>The candles with their lines, up to one rejected row too many.</summary>
    public async IAsyncEnumerable<(int Line, Candle Candle)> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (!HasTooManyRejected && await NextAsync(cancellationToken))
        {
            var (candle, fault) = Parse();
            if (candle is null)
            {
                Rejected.Add(new RejectedRow(Line, fault!));
            }
            else
            {
                yield return (Line, candle);
            }
        }
    }

    public void Dispose() => _rows.Dispose();

    private static string Normalize(string column) =>
        column.ToLowerInvariant() is var name && name == ArchiveTimeColumn ? Columns[0] : name;

    private int Line => (int)_rows.LineNumber;

    private async Task<bool> NextAsync(CancellationToken cancellationToken)
    {
        var line = Line;
        try
        {
            return await _rows.ReadAsync(cancellationToken);
        }
        catch (CsvFormatException)
        {
            Rejected.Add(new RejectedRow(line + 1, "is too long for a candle; the rest of the file was not read"));
            return false;
        }
    }

    private (Candle?, string? Fault) Parse()
    {
        if (_rows.FieldCount <= _positions.Max())
        {
            return (null, $"has {_rows.FieldCount} fields, fewer than the header");
        }

        if (_rows.FieldCount > _width)
        {
            return (null, $"has {_rows.FieldCount} fields, more than the header");
        }

        if (!TryReadTime(Field(0), out var time))
        {
            return (null, "time must be an RFC 3339 time or Unix milliseconds");
        }

        Span<decimal> prices = stackalloc decimal[4];
        for (var i = 0; i < prices.Length; i++)
        {
            if (!Exact.TryParse(Field(i + 1), allowExponent: true, out prices[i]))
            {
                return (null, $"{Columns[i + 1]} {Exact.Rule}");
            }
        }

        if (!TryReadVolume(Field(5), out var volume))
        {
            return (
                null,
                $"volume must be a decimal number with at most {Exact.MaxSignificantDigits} significant digits"
            );
        }

        var candle = new Candle(time, prices[0], prices[1], prices[2], prices[3], volume);
        return candle.Fault(_interval, _now) is { } fault ? (null, fault) : (candle, null);
    }

    private string Field(int column) => _rows.GetString(_positions[column]);

    private static bool TryReadTime(string text, out DateTimeOffset time)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return UtcTime.TryParse(text, out time);
        }

        time = default;
        if (milliseconds < FirstMilliseconds || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }

    /// <summary>Archives sum volumes in binary and leave a residue past the 18th decimal: kept, since it is what they say.</summary>
    private static bool TryReadVolume(string text, out decimal? volume)
    {
        volume = null;
        if (text.Length == 0)
        {
            return true;
        }

        var isNumber = Exact.TryParse(text, allowExponent: true, out var read, Exact.MaxSignificantDigits);
        volume = read;
        return isNumber;
    }
}
