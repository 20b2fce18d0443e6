using System.Text.Json.Nodes;

namespace CryptoBeacon.Models.Features;

/// <summary>A back-test or a sweep: what was asked for, how far it is and how it ended.</summary>
internal abstract record RunDto : IVersioned
{
    /// <summary>What a SELECT of this record lists.</summary>
    public const string Columns = """
        id, model_id, status, progress, configuration, start_date, end_date, assets, currency, interval, initial_capital, fee_rate,
        slippage_rate, risk_free_rate, notes, problem, created_at, started_at, finished_at,
        array_position(array['queued', 'running', 'succeeded', 'failed', 'cancelled'], status) as version
        """;

    public required Guid Id { get; init; }

    public required Guid ModelId { get; init; }

    /// <summary>queued, running, succeeded, failed or cancelled.</summary>
    public required string Status { get; init; }

    /// <summary>From 0 to 1.</summary>
    public required decimal Progress { get; init; }

    /// <summary>The model's, as it was when the run was asked for.</summary>
    public required JsonObject Configuration { get; init; }

    public required DateTimeOffset StartDate { get; init; }

    public required DateTimeOffset EndDate { get; init; }

    public required string[] Assets { get; init; }

    public required string Currency { get; init; }

    public required string Interval { get; init; }

    public required decimal InitialCapital { get; init; }

    public required decimal FeeRate { get; init; }

    public required decimal SlippageRate { get; init; }

    /// <summary>A ratio a year.</summary>
    public required decimal RiskFreeRate { get; init; }

    public string? Notes { get; init; }

    /// <summary>Why it has failed: <c>code, detail, errors</c>.</summary>
    public JsonObject? Problem { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Moves with the status, not with the progress.</summary>
    public uint Version { get; init; }
}
