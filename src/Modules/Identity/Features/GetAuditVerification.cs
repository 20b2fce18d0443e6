using CryptoBeacon.Application.Audit;
using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.Identity.Features;

internal sealed record GetAuditVerification(Guid Id) : IQuery<AuditVerification>;

internal sealed class GetAuditVerificationHandler(IAuditLog log)
    : IRequestHandler<GetAuditVerification, Result<AuditVerification>>
{
    public async Task<Result<AuditVerification>> Handle(
        GetAuditVerification request,
        CancellationToken cancellationToken
    ) =>
        await log.FindVerificationAsync(request.Id, cancellationToken) is { } found
            ? found
            : IdentityErrors.VerificationNotFound;
}

internal static class GetAuditVerificationEndpoint
{
    public static void Map(RouteGroupBuilder audit) =>
        audit
            .MapGet(
                "/verifications/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetAuditVerification(id), ct)).ToOk()
            )
            .WithName(nameof(GetAuditVerification))
            .WithSummary("Show how far a verification is, and what it found")
            .RequireAdmin()
            .Produces<AuditVerification>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
