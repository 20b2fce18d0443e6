using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Files;

/// <summary>How one source writes its CSV files, in all the generations that are about.</summary>
internal interface ITradeFormat
{
    ImportFormat Format { get; }

    /// <summary>Null when the header is not one of its own.</summary>
    ITradeReader? Recognise(FileHeader header);
}

/// <summary>Reads the rows of one file, one after the other.</summary>
internal interface ITradeReader
{
    IEnumerable<FileRow> Read(FileCells row);

    /// <summary>At the end of the file: what still waits for a row that it belongs with.</summary>
    IEnumerable<FileRow> End() => [];
}

/// <param name="FileName">Some hide the offset of their times there.</param>
internal sealed record FileHeader(IReadOnlyList<string> Columns, string? FileName, SymbolTable Symbols)
{
    public bool Has(params IEnumerable<string> columns) => columns.All(column => IndexOf(column) >= 0);

    /// <summary>The first of this name, whatever its case; a name that stands twice is still one column for each place.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Trim().Equals(column, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The first of several names that generations of a file have had for one column.</summary>
    public int FirstOf(params IEnumerable<string> columns) =>
        columns.Select(IndexOf).FirstOrDefault(index => index >= 0, -1);
}

/// <summary>A line of a CSV file.</summary>
internal readonly record struct FileCells(long Line, IReadOnlyList<string> Cells)
{
    /// <summary>Empty where the file has no such column.</summary>
    public string this[int index] => index < 0 ? "" : Cells[index].Trim();
}

/// <summary>A row that can't be read, which is then rejected with this message.</summary>
internal sealed class UnreadableRowException(string message) : Exception(message);
