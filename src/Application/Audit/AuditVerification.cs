namespace CryptoBeacon.Application.Audit;

public enum VerificationStatus
{
    Queued,
    Running,
    Succeeded,
}

/// <summary>A look at the whole chain that nobody waits for.</summary>
public sealed record AuditVerification
{
    public Guid Id { get; init; }

    public VerificationStatus Status { get; init; }

    /// <summary>From 0 to 1.</summary>
    public decimal Progress { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How many were looked at so far.</summary>
    public long Entries { get; init; }

    /// <summary>Null until it is finished.</summary>
    public bool? Valid { get; init; }

    public long? FirstBroken { get; init; }
}
