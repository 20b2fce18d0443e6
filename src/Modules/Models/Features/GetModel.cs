using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

internal sealed record GetModel(Guid Id) : IQuery<ModelDto>;

internal sealed class GetModelHandler(IReadDatabase database) : IRequestHandler<GetModel, Result<ModelDto>>
{
    public async Task<Result<ModelDto>> Handle(GetModel request, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<ModelDto>(
            $"select {ModelDto.Columns} from models.trading_models where id = @Id",
            new { request.Id },
            cancellationToken
        )
            is { } model
            ? model
            : ModelErrors.NotFound;
}

internal static class GetModelEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapGet(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetModel(id), ct)).ToOk()
            )
            .WithName(nameof(GetModel))
            .WithSummary("Read a model")
            .RequireScope(Scopes.Read)
            .Produces<ModelDto>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
