using System.Text.Json.Serialization;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;

namespace CryptoBeacon.Trading.Features;

/// <summary>What became of a file's rows.</summary>
/// <param name="ImportId">Null after a dry run.</param>
internal sealed record ImportReport(
    Guid? ImportId,
    int Imported,
    int Duplicates,
    IReadOnlyList<SkippedRow> Skipped,
    IReadOnlyList<RejectedRow> Rejected
)
{
    /// <summary>Of a dry run alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ImportRow>? Rows { get; init; }
}

internal sealed record SkippedRow(long Line, string Reason);

internal sealed record RejectedRow(long Line, string Error);

internal enum RowFate
{
    Imported,
    Duplicate,
    Skipped,
    Rejected,
}

/// <param name="Trade">Null where the row could not be read as one.</param>
internal sealed record ImportRow(long Line, RowFate Fate, TradeInput? Trade);

/// <summary>A file's rows, each a trade by itself, none, or rejected.</summary>
internal sealed record ReadImport(
    ImportFormat Format,
    IReadOnlyList<Candidate> Candidates,
    IReadOnlyList<SkippedRow> Skipped,
    IReadOnlyList<RejectedRow> Rejected
);

/// <summary>A file's rows, each with its fate.</summary>
internal sealed record SortedImport(
    IReadOnlyList<Candidate> Fresh,
    IReadOnlyList<Candidate> Duplicates,
    IReadOnlyList<Candidate> Oversold,
    IReadOnlyList<SkippedRow> Skipped,
    IReadOnlyList<RejectedRow> Rejected
)
{
    /// <param name="known">The ids of candidates that the portfolio has already.</param>
    public static SortedImport Of(ReadImport read, IReadOnlySet<Guid> known)
    {
        var seen = new HashSet<(string, string)>();
        var isDuplicate = read
            .Candidates.OrderBy(candidate => candidate.Line)
            .Where(candidate => known.Contains(candidate.Trade.Id) || IsRepeated(candidate.Trade, seen))
            .Select(candidate => candidate.Trade.Id)
            .ToHashSet();
        var sorted = read.Candidates.ToLookup(candidate => isDuplicate.Contains(candidate.Trade.Id));
        return new SortedImport([.. sorted[false]], [.. sorted[true]], [], read.Skipped, read.Rejected);
    }

    public SortedImport Rejecting(IReadOnlySet<Guid> oversold)
    {
        var sorted = Fresh.ToLookup(candidate => oversold.Contains(candidate.Trade.Id));
        return this with
        {
            Fresh = [.. sorted[false]],
            Oversold = [.. sorted[true]],
            Rejected =
            [
                .. Rejected
                    .Concat(
                        sorted[true]
                            .Select(candidate => new RejectedRow(
                                candidate.Line,
                                "quantity: is more than is held at that time"
                            ))
                    )
                    .OrderBy(row => row.Line),
            ],
        };
    }

    public ImportReport Report(Guid? importId) => new(importId, Fresh.Count, Duplicates.Count, Skipped, Rejected);

    public Error Refusal =>
        Error.Invalid(TradeFile.Body, $"has {Rejected.Count} rows that can't be imported; see rejected") with
        {
            Details = new Dictionary<string, object?> { ["rejected"] = Rejected },
        };

    public IReadOnlyList<ImportRow> Rows =>
        [
            .. Fresh
                .Select(candidate => new ImportRow(candidate.Line, RowFate.Imported, candidate.Trade.ToInput()))
                .Concat(
                    Duplicates.Select(candidate => new ImportRow(
                        candidate.Line,
                        RowFate.Duplicate,
                        candidate.Trade.ToInput()
                    ))
                )
                .Concat(
                    Rejected.GroupJoin(
                        Oversold,
                        row => row.Line,
                        candidate => candidate.Line,
                        (row, oversold) =>
                            new ImportRow(row.Line, RowFate.Rejected, oversold.SingleOrDefault()?.Trade.ToInput())
                    )
                )
                .Concat(Skipped.Select(row => new ImportRow(row.Line, RowFate.Skipped, Trade: null)))
                .OrderBy(row => row.Line),
        ];

    private static bool IsRepeated(Trade trade, HashSet<(string, string)> seen) =>
        trade.ExternalId is { } id && !seen.Add((trade.Source, id));
}
