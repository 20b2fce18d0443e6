using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Identity.Features;

/// <summary>As <see cref="VerifyAudit"/>, for whoever does not want to wait.</summary>
internal sealed record BeginAuditVerification : ICommand<AuditVerification>;

internal sealed class BeginAuditVerificationHandler(IAuditLog log, IAuditTrail trail)
    : IRequestHandler<BeginAuditVerification, Result<AuditVerification>>
{
    public async Task<Result<AuditVerification>> Handle(
        BeginAuditVerification request,
        CancellationToken cancellationToken
    )
    {
        var begun = await log.BeginVerificationAsync(cancellationToken);
        await trail.RecordAsync(
            AuditAction.Created,
            "audit_verifications",
            begun.Id.ToString(),
            new { begun.Status },
            cancellationToken
        );
        return begun;
    }
}
