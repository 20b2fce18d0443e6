using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Identity.Features;

/// <summary>That an administrator looked, and saw this.</summary>
internal sealed record NoteAuditVerdict(AuditVerdict Verdict) : ICommand;

internal sealed class NoteAuditVerdictHandler(IAuditTrail trail) : IRequestHandler<NoteAuditVerdict, Result>
{
    public async Task<Result> Handle(NoteAuditVerdict request, CancellationToken cancellationToken)
    {
        await trail.RecordAsync(
            AuditAction.Created,
            "audit_verifications",
            Uuid.New().ToString(),
            request.Verdict,
            cancellationToken
        );
        return Result.Success;
    }
}
