using CryptoBeacon.Alerts.Domain;

namespace CryptoBeacon.Alerts.Features;

/// <summary>The firings of all alerts or of one, deleted ones included, newest first.</summary>
internal sealed record ListFirings(Guid? AlertId, int? Limit, string? Cursor) : IQuery<Page<FiringDto>>
{
    internal sealed record Position(long Sequence);
}

internal sealed class ListFiringsValidator : AbstractValidator<ListFirings>
{
    public ListFiringsValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListFirings, ListFirings.Position>();
    }
}

internal sealed class ListFiringsHandler(IReadDatabase database) : IRequestHandler<ListFirings, Result<Page<FiringDto>>>
{
    public Task<Result<Page<FiringDto>>> Handle(ListFirings request, CancellationToken cancellationToken) =>
        database.QueryMultipleAsync<Result<Page<FiringDto>>>(
            $"""
            select @AlertId::uuid is null or exists (select from alerts.alerts where id = @AlertId);

            select {FiringRow.Columns}
            from (
                select *
                from alerts.alert_history
                where (@AlertId::uuid is null or alert_id = @AlertId) and (@before::bigint is null or sequence < @before)
                order by sequence desc
                limit @take
            ) firing
            left join alerts.alert_deliveries delivery on delivery.history_id = firing.id
            order by firing.sequence desc, delivery.channel
            """,
            new
            {
                request.AlertId,
                before = Cursor.Decode<ListFirings.Position>(request.Cursor)?.Sequence,
                take = PageSize.AndOneMore(request.Limit),
            },
            async results =>
            {
                var isThere = await results.ReadSingleOrDefaultAsync<bool>();
                var firings = FiringRow.ToFirings(await results.ReadAsync(FiringRow.Read));
                if (!isThere)
                {
                    return AlertErrors.NotFound;
                }

                var page = Page<(long Sequence, FiringDto Firing)>.From(
                    firings,
                    request.Limit,
                    last => new ListFirings.Position(last.Sequence)
                );
                return new Page<FiringDto>([.. page.Items.Select(item => item.Firing)], page.NextCursor);
            },
            cancellationToken
        );
}

internal static class ListFiringsEndpoint
{
    public static void Map(RouteGroupBuilder alerts)
    {
        alerts
            .MapGet(
                "/history",
                async (int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListFirings(null, limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListFirings))
            .WithSummary("List what alerts have fired, newest first")
            .RequireScope(Scopes.Read)
            .Produces<Page<FiringDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);

        alerts
            .MapGet(
                "/{id:guid}/history",
                async (Guid id, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListFirings(id, limit, cursor), ct)).ToOk()
            )
            .WithName($"{nameof(ListFirings)}OfAlert")
            .WithSummary("List what one alert has fired, newest first")
            .RequireScope(Scopes.Read)
            .Produces<Page<FiringDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }
}
