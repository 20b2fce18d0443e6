using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>Cancels a sweep that waits or runs; removes one that has ended.</summary>
internal sealed record DeleteSweep(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class DeleteSweepHandler(IWriteDatabase database) : IRequestHandler<DeleteSweep, Result>
{
    public async Task<Result> Handle(DeleteSweep request, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync<SweepDto>(
            $"select {GetSweep.Columns} from models.model_sweeps where id = @Id for update",
            new { request.Id },
            cancellationToken
        );
        if (found is not [var sweep])
        {
            return ModelErrors.SweepNotFound;
        }

        if (!request.IfMatch.Matches(sweep.Version))
        {
            return Error.PreconditionFailed;
        }

        var isUnfinished = WireName.Parse<RunStatus>(sweep.Status) is RunStatus.Queued or RunStatus.Running;
        await database.ExecuteAsync(
            isUnfinished
                ? "update models.model_sweeps set status = 'cancelled', finished_at = now() where id = @Id"
                : "delete from models.model_sweeps where id = @Id",
            new { request.Id },
            cancellationToken
        );
        return Result.Success;
    }
}

internal static class DeleteSweepEndpoint
{
    public static void Map(RouteGroupBuilder sweeps) =>
        sweeps
            .MapDelete(
                "/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteSweep(id, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(DeleteSweep))
            .WithSummary("Cancel a sweep that waits or runs; remove one that has ended")
            .RequireScope(Scopes.ModelsWrite)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
