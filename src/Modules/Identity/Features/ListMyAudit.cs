using System.Text.Json.Nodes;
using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Identity.Features;

/// <summary>What was done to one's own data. From where, is nobody's business but an administrator's: it may have been one.</summary>
internal sealed record MyAuditEntryDto(
    long Sequence,
    DateTimeOffset OccurredAt,
    Guid? ActorId,
    AuditAction Action,
    string Entity,
    string EntityId,
    JsonObject? Changes
);

internal sealed record ListMyAudit(int? Limit, string? Cursor) : IQuery<Page<MyAuditEntryDto>>;

internal sealed class ListMyAuditValidator : AbstractValidator<ListMyAudit>
{
    public ListMyAuditValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListMyAudit, AuditPosition>();
    }
}

internal sealed class ListMyAuditHandler(IAuditLog log, ICurrentUser user)
    : IRequestHandler<ListMyAudit, Result<Page<MyAuditEntryDto>>>
{
    public async Task<Result<Page<MyAuditEntryDto>>> Handle(ListMyAudit request, CancellationToken cancellationToken)
    {
        var entries = await log.SearchAsync(
            new AuditQuery(UserId: user.Id, Before: Cursor.Decode<AuditPosition>(request.Cursor)?.Sequence),
            PageSize.AndOneMore(request.Limit),
            cancellationToken
        );
        return Page<MyAuditEntryDto>.From(
            [
                .. entries.Select(entry => new MyAuditEntryDto(
                    entry.Sequence,
                    entry.OccurredAt,
                    entry.ActorId,
                    entry.Action,
                    entry.Entity,
                    entry.EntityId,
                    entry.Changes
                )),
            ],
            request.Limit,
            entry => new AuditPosition(entry.Sequence)
        );
    }
}

internal static class ListMyAuditEndpoint
{
    public static void Map(RouteGroupBuilder me) =>
        me.MapGet(
                "/audit",
                async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListMyAudit(limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListMyAudit))
            .WithSummary("List what was done to one's own data, the newest first")
            .WithDescription("An act shows here a few seconds after it was done.")
            .RequireScope(Scopes.Read)
            .Produces<Page<MyAuditEntryDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
