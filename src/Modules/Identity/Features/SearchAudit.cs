using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Identity.Features;

/// <summary>Searches the whole audit trail.</summary>
internal sealed record SearchAudit(
    Guid? Actor,
    string? Entity,
    string? EntityId,
    string? Action,
    string? From,
    string? To,
    int? Limit,
    string? Cursor
) : IQuery<Page<AuditEntry>>;

internal sealed record AuditPosition(long Sequence);

internal sealed class SearchAuditValidator : AbstractValidator<SearchAudit>
{
    public SearchAuditValidator()
    {
        RuleFor(q => q.Action).OneOf<SearchAudit, AuditAction>();
        RuleFor(q => q.From).Time();
        RuleFor(q => q.To).Time().NotBefore(q => q.From);
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<SearchAudit, AuditPosition>();
    }
}

internal sealed class SearchAuditHandler(IAuditLog log) : IRequestHandler<SearchAudit, Result<Page<AuditEntry>>>
{
    public async Task<Result<Page<AuditEntry>>> Handle(SearchAudit request, CancellationToken cancellationToken)
    {
        var entries = await log.SearchAsync(
            new AuditQuery(
                ActorId: request.Actor,
                Entity: request.Entity,
                EntityId: request.EntityId,
                Action: request.Action is { } action ? WireName.Parse<AuditAction>(action) : null,
                From: Time(request.From),
                To: Time(request.To),
                Before: Cursor.Decode<AuditPosition>(request.Cursor)?.Sequence
            ),
            PageSize.AndOneMore(request.Limit),
            cancellationToken
        );
        return Page<AuditEntry>.From(entries, request.Limit, entry => new AuditPosition(entry.Sequence));
    }

    private static DateTimeOffset? Time(string? text) => UtcTime.TryParse(text, out var time) ? time : null;
}

internal static class SearchAuditEndpoint
{
    public static void Map(RouteGroupBuilder audit) =>
        audit
            .MapGet(
                "/",
                async (
                    Guid? actor,
                    string? entity,
                    string? entityId,
                    string? action,
                    string? from,
                    string? to,
                    int? limit,
                    string? cursor,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                    (
                        await mediator.Send(
                            new SearchAudit(actor, entity, entityId, action, from, to, limit, cursor),
                            ct
                        )
                    ).ToOk()
            )
            .WithName(nameof(SearchAudit))
            .WithSummary("Search the audit trail, the newest entries first")
            .RequireAdmin()
            .Produces<Page<AuditEntry>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
