namespace CryptoBeacon.Application.Audit;

public enum AuditAction
{
    Created,
    Changed,
    Deleted,
}

/// <summary>
/// Leaves an entry for an act that changes no audited row, in the act's own transaction. Aggregates leave theirs when they are saved, and tables that
/// SQL writes by the trigger <c>audit.record_change</c>; neither needs this.
/// </summary>
public interface IAuditTrail
{
    /// <param name="after">What there is now, in the contract's names and forms. What is called a secret is kept out of it.</param>
    Task RecordAsync(
        AuditAction action,
        string entity,
        string entityId,
        object after,
        CancellationToken cancellationToken
    );
}

/// <summary>Saving this aggregate leaves no entry: something else does, or nobody needs one.</summary>
/// <param name="reason">Which of the two.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeverAuditedAttribute(string reason) : Attribute
{
    public string Reason => reason;
}
