using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>The user's models, newest first.</summary>
internal sealed record ListModels(string? Type, bool? IsActive, int? Limit, string? Cursor) : IQuery<Page<ModelDto>>;

internal sealed record ModelPosition(Guid ModelId);

internal sealed class ListModelsValidator : AbstractValidator<ListModels>
{
    public ListModelsValidator()
    {
        RuleFor(q => q.Type).OneOf<ListModels, ModelType>();
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListModels, ModelPosition>();
    }
}

internal sealed class ListModelsHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListModels, Result<Page<ModelDto>>>
{
    public async Task<Result<Page<ModelDto>>> Handle(ListModels request, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<ModelDto>(
            $"""
            select {ModelDto.Columns}
            from models.trading_models
            where user_id = @userId
                and (@Type::text is null or type = @Type)
                and (@IsActive::boolean is null or is_active = @IsActive)
                and (@before::uuid is null or id < @before)
            order by id desc
            limit @take
            """,
            new
            {
                userId = user.Id,
                request.Type,
                request.IsActive,
                before = Cursor.Decode<ModelPosition>(request.Cursor)?.ModelId,
                take = PageSize.AndOneMore(request.Limit),
            },
            cancellationToken
        );
        return Page<ModelDto>.From(rows, request.Limit, model => new ModelPosition(model.Id));
    }
}

internal static class ListModelsEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapGet(
                "/",
                async (
                    string? type,
                    bool? isActive,
                    int? limit,
                    string? cursor,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new ListModels(type, isActive, limit, cursor), ct)).ToOk()
            )
            .WithName(nameof(ListModels))
            .WithSummary("List models, newest first")
            .RequireScope(Scopes.Read)
            .Produces<Page<ModelDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
}
