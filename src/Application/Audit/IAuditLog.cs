using System.Text.Json.Nodes;

namespace CryptoBeacon.Application.Audit;

/// <summary>The chain of entries, as far as the current user may see it: administrators all of it, others what concerns their own data.</summary>
public interface IAuditLog
{
    /// <summary>The newest first.</summary>
    Task<IReadOnlyList<AuditEntry>> SearchAsync(AuditQuery query, int limit, CancellationToken cancellationToken);

    /// <summary>Works every hash out anew, from the first entry to the last. For administrators and jobs, who see all entries.</summary>
    /// <param name="progress">Is told the number of entries looked at so far.</param>
    Task<AuditVerdict> VerifyAsync(Func<long, Task>? progress, CancellationToken cancellationToken);

    /// <summary>Asks for <see cref="VerifyAsync"/> in the background, in the command's transaction.</summary>
    Task<AuditVerification> BeginVerificationAsync(CancellationToken cancellationToken);

    Task<AuditVerification?> FindVerificationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>As <see cref="VerifyAsync"/>, of what came after the last check alone; keeps how far the chain was whole. For jobs.</summary>
    Task<AuditVerdict> CheckNewPartAsync(CancellationToken cancellationToken);
}

/// <param name="Before">Only entries with a smaller number.</param>
public sealed record AuditQuery(
    Guid? UserId = null,
    Guid? ActorId = null,
    string? Entity = null,
    string? EntityId = null,
    AuditAction? Action = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    long? Before = null
);

public sealed record AuditEntry
{
    public required long Sequence { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Null: the server itself, or whoever holds the owner's login.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>From where the actor acted; null also when that is more than 90 days ago, or the actor is erased.</summary>
    public string? IpAddress { get; init; }

    /// <summary>Whose data it is; null: the installation's.</summary>
    public Guid? UserId { get; init; }

    public required AuditAction Action { get; init; }

    public required string Entity { get; init; }

    public required string EntityId { get; init; }

    /// <summary><c>before</c> and <c>after</c>, of what differs; null: the user is erased, and what was written of them with them.</summary>
    public JsonObject? Changes { get; init; }
}

/// <param name="FirstBroken">The number of the first entry that is missing or is not what was written.</param>
public sealed record AuditVerdict(long Entries, long? FirstBroken)
{
    public bool Valid => FirstBroken is null;
}
