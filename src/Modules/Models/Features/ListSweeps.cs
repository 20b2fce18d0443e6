using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>A model's sweeps, newest first, without their results.</summary>
internal sealed record ListSweeps(Guid ModelId, int? Limit, string? Cursor) : IQuery<Page<SweepDto>>;

internal sealed record SweepPosition(Guid SweepId);

internal sealed class ListSweepsValidator : AbstractValidator<ListSweeps>
{
    public ListSweepsValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListSweeps, SweepPosition>();
    }
}

internal sealed class ListSweepsHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListSweeps, Result<Page<SweepDto>>>
{
    public Task<Result<Page<SweepDto>>> Handle(ListSweeps request, CancellationToken cancellationToken) =>
        database.QueryMultipleAsync<Result<Page<SweepDto>>>(
            $"""
            select id from models.trading_models where id = @ModelId;
            select {GetSweep.Columns}
            from models.model_sweeps
            where user_id = @userId and model_id = @ModelId and (@before::uuid is null or id < @before)
            order by id desc
            limit @take
            """,
            new
            {
                userId = user.Id,
                request.ModelId,
                before = Cursor.Decode<SweepPosition>(request.Cursor)?.SweepId,
                take = PageSize.AndOneMore(request.Limit),
            },
            async results =>
                await results.ReadSingleOrDefaultAsync<Guid?>() is null
                    ? ModelErrors.NotFound
                    : Page<SweepDto>.From(
                        await results.ReadAsync<SweepDto>(),
                        request.Limit,
                        sweep => new SweepPosition(sweep.Id)
                    ),
            cancellationToken
        );
}

internal static class ListSweepsEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapGet(
                "/{id:guid}/sweeps",
                async (Guid id, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListSweeps(id, limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListSweeps))
            .WithSummary("List a model's sweeps, newest first, without their results")
            .RequireScope(Scopes.Read)
            .Produces<Page<SweepDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
}
