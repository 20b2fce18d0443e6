using System.Text.Json;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>One reading of an account into a portfolio.</summary>
internal sealed record SyncRunDto(
    Guid Id,
    Guid ApiKeyId,
    Guid PortfolioId,
    string Status,
    decimal Progress,
    bool IsNightly,
    SyncResultDto Result,
    SyncErrorDto? Error,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    uint Version
) : IVersioned;

/// <summary>What it has brought so far.</summary>
/// <param name="ImportId">The import that <c>DELETE /trades/imports/{id}</c> undoes; null: nothing new was there.</param>
/// <param name="Imported">How many trades; a swap of two coins is two.</param>
/// <param name="Duplicates">Those that the portfolio had already.</param>
/// <param name="Skipped">Fills that move money alone, of which a portfolio keeps no holdings.</param>
/// <param name="RejectedCount">Of all fills; the first hundred are listed.</param>
internal sealed record SyncResultDto(
    Guid? ImportId,
    int Imported,
    int Duplicates,
    int Skipped,
    int RejectedCount,
    IReadOnlyList<RejectedFillDto> Rejected
);

internal sealed record RejectedFillDto(string ExternalId, string Error);

/// <summary>Why it has ended before its time, or what it waits for to pass.</summary>
internal sealed record SyncErrorDto(string Code, string Message);

/// <summary>The row of <c>api_integration.sync_runs</c>, as far as it is shown.</summary>
internal sealed record SyncRunRow
{
    /// <summary>What a SELECT of this record lists.</summary>
    public const string Columns = """
        id, api_key_id, portfolio_id, status, progress, is_nightly, import_id, imported, duplicates, skipped, rejected_count, rejected::text as rejected, fault, error,
        created_at, started_at, finished_at, xmin as version
        """;

    public required Guid Id { get; init; }

    public required Guid ApiKeyId { get; init; }

    public required Guid PortfolioId { get; init; }

    public required string Status { get; init; }

    public required decimal Progress { get; init; }

    public required bool IsNightly { get; init; }

    public Guid? ImportId { get; init; }

    public required int Imported { get; init; }

    public required int Duplicates { get; init; }

    public required int Skipped { get; init; }

    public required int RejectedCount { get; init; }

    /// <summary>JSON.</summary>
    public required string Rejected { get; init; }

    public string? Fault { get; init; }

    public string? Error { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public required uint Version { get; init; }

    public SyncRunDto ToDto() =>
        new(
            Id,
            ApiKeyId,
            PortfolioId,
            Status,
            Progress,
            IsNightly,
            new SyncResultDto(
                ImportId,
                Imported,
                Duplicates,
                Skipped,
                RejectedCount,
                JsonSerializer.Deserialize<IReadOnlyList<RejectedFillDto>>(Rejected, BeaconJson.Options)!
            ),
            Fault is null ? null : new SyncErrorDto(Fault, Error!),
            CreatedAt,
            StartedAt,
            FinishedAt,
            Version
        );
}
