using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>Deletes a model with its back-tests and sweeps; those that run are stopped.</summary>
internal sealed record DeleteModel(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class DeleteModelHandler(IRepository<TradingModel> models, ICurrentUser user)
    : IRequestHandler<DeleteModel, Result>
{
    public async Task<Result> Handle(DeleteModel request, CancellationToken cancellationToken)
    {
        var model = await models.FirstOrDefaultAsync(new ModelSpecs.ById(user.Id, request.Id), cancellationToken);
        if (model is null)
        {
            return ModelErrors.NotFound;
        }

        if (!request.IfMatch.Matches(model.Version))
        {
            return Error.PreconditionFailed;
        }

        await models.DeleteAsync(model, cancellationToken);
        return Result.Success;
    }
}

internal static class DeleteModelEndpoint
{
    public static void Map(RouteGroupBuilder models) =>
        models
            .MapDelete(
                "/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteModel(id, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(DeleteModel))
            .WithSummary("Delete a model with its back-tests and sweeps")
            .RequireScope(Scopes.ModelsWrite)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
