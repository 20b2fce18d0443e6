using System.Text.Json.Serialization;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;

namespace CryptoBeacon.Trading.Features;

/// <summary>What became of a file's rows.</summary>
/// <param name="ImportId">Null after a dry run.</param>
/// <param name="Imported">How many trades; a swap of two coins is two.</param>
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

    public static Error Refusal(IReadOnlyList<RejectedRow> rejected) =>
        Error.Invalid(TradeFile.Body, $"has {rejected.Count} rows that can't be imported; see rejected") with
        {
            Details = new Dictionary<string, object?> { ["rejected"] = rejected },
        };
}

internal sealed record SkippedRow(long Line, string Reason);

internal sealed record RejectedRow(long Line, string Error)
{
    public static RejectedRow Oversold(long line) => new(line, "quantity: is more than is held at that time");
}

internal enum RowFate
{
    Imported,
    Duplicate,
    Skipped,
    Rejected,
}

/// <param name="Trade">Null where the row could not be read as one.</param>
internal sealed record ImportRow(long Line, RowFate Fate, TradeInput? Trade);
