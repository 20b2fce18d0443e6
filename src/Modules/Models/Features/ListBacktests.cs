using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>A model's back-tests, newest first, without their results.</summary>
internal sealed record ListBacktests(Guid ModelId, string? Status, int? Limit, string? Cursor)
    : IQuery<Page<BacktestDto>>;

internal sealed record BacktestPosition(Guid BacktestId);

internal sealed class ListBacktestsValidator : AbstractValidator<ListBacktests>
{
    public ListBacktestsValidator()
    {
        RuleFor(q => q.Status).OneOf<ListBacktests, RunStatus>();
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListBacktests, BacktestPosition>();
    }
}

internal sealed class ListBacktestsHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListBacktests, Result<Page<BacktestDto>>>
{
    public Task<Result<Page<BacktestDto>>> Handle(ListBacktests request, CancellationToken cancellationToken) =>
        database.QueryMultipleAsync<Result<Page<BacktestDto>>>(
            $"""
            select id from models.trading_models where id = @ModelId;
            select {BacktestDto.Columns}
            from models.model_backtests
            where user_id = @userId and model_id = @ModelId
                and (@Status::text is null or status = @Status)
                and (@before::uuid is null or id < @before)
            order by id desc
            limit @take
            """,
            new
            {
                userId = user.Id,
                request.ModelId,
                request.Status,
                before = Cursor.Decode<BacktestPosition>(request.Cursor)?.BacktestId,
                take = PageSize.AndOneMore(request.Limit),
            },
            async results =>
                await results.ReadSingleOrDefaultAsync<Guid?>() is null
                    ? ModelErrors.NotFound
                    : Page<BacktestDto>.From(
                        await results.ReadAsync<BacktestDto>(),
                        request.Limit,
                        backtest => new BacktestPosition(backtest.Id)
                    ),
            cancellationToken
        );
}

internal static class ListBacktestsEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapGet(
                "/{id:guid}/backtests",
                async (Guid id, string? status, int? limit, string? cursor, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ListBacktests(id, status, limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListBacktests))
            .WithSummary("List a model's back-tests, newest first, without their results")
            .RequireScope(Scopes.Read)
            .Produces<Page<BacktestDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
}
