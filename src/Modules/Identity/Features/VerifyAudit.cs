using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Identity.Features;

/// <summary>Works every hash of the audit trail out anew.</summary>
internal sealed record VerifyAudit : IQuery<AuditVerdict>;

internal sealed class VerifyAuditHandler(IAuditLog log) : IRequestHandler<VerifyAudit, Result<AuditVerdict>>
{
    public async Task<Result<AuditVerdict>> Handle(VerifyAudit request, CancellationToken cancellationToken) =>
        await log.VerifyAsync(progress: null, cancellationToken);
}

internal static class VerifyAuditEndpoint
{
    public static void Map(RouteGroupBuilder audit) =>
        audit
            .MapPost(
                "/verify",
                async (IMediator mediator, CancellationToken ct) => (await mediator.Send(new VerifyAudit(), ct)).ToOk()
            )
            .WithName(nameof(VerifyAudit))
            .WithSummary("Verify the audit trail's hash chain from its first entry to its last")
            .RequireAdmin()
            .Produces<AuditVerdict>();
}
