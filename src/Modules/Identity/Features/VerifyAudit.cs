using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Identity.Features;

/// <summary>Works every hash of the audit trail out anew.</summary>
internal sealed record VerifyAudit : IStepwiseCommand<AuditVerdict>;

internal sealed class VerifyAuditHandler(IAuditLog log, IMediator mediator)
    : IRequestHandler<VerifyAudit, Result<AuditVerdict>>
{
    public async Task<Result<AuditVerdict>> Handle(VerifyAudit request, CancellationToken cancellationToken)
    {
        var verdict = await log.VerifyAsync(progress: null, cancellationToken);
        await mediator.Send(new NoteAuditVerdict(verdict), cancellationToken);
        return verdict;
    }
}

internal static class VerifyAuditEndpoint
{
    private const string RespondAsync = "respond-async";

    public static void Map(RouteGroupBuilder audit) =>
        audit
            .MapPost(
                "/verify",
                async (HttpContext context, IMediator mediator, CancellationToken ct) =>
                {
                    if (!PrefersAsync(context.Request))
                    {
                        return (await mediator.Send(new VerifyAudit(), ct)).ToOk();
                    }

                    context.Response.Headers["Preference-Applied"] = RespondAsync;
                    return (await mediator.Send(new BeginAuditVerification(), ct)).ToAccepted(begun =>
                        $"/api/v1/admin/audit/verifications/{begun.Id}"
                    );
                }
            )
            .WithName(nameof(VerifyAudit))
            .WithSummary("Verify the audit trail's hash chain from its first entry to its last")
            .WithDescription(
                "With `Prefer: respond-async` the answer is a 202 whose `Location` says how far it is and what it found."
            )
            .RequireAdmin()
            .Produces<AuditVerdict>()
            .Produces<AuditVerification>(StatusCodes.Status202Accepted);

    /// <summary>RFC 7240: a list of preferences, each with parameters of its own, in one header or several.</summary>
    private static bool PrefersAsync(HttpRequest request) =>
        request
            .Headers["Prefer"]
            .SelectMany(header => (header ?? "").Split(','))
            .Any(preference =>
                preference.Split(';')[0].Trim().Equals(RespondAsync, StringComparison.OrdinalIgnoreCase)
            );
}
