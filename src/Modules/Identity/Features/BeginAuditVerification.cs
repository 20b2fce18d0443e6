using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Identity.Features;

/// <summary>As <see cref="VerifyAudit"/>, for whoever does not want to wait.</summary>
internal sealed record BeginAuditVerification : ICommand<AuditVerification>;

internal sealed class BeginAuditVerificationHandler(IAuditLog log)
    : IRequestHandler<BeginAuditVerification, Result<AuditVerification>>
{
    public async Task<Result<AuditVerification>> Handle(
        BeginAuditVerification request,
        CancellationToken cancellationToken
    ) => await log.BeginVerificationAsync(cancellationToken);
}
