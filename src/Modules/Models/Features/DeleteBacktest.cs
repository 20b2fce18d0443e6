using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Persistence;

namespace CryptoBeacon.Models.Features;

/// <summary>Cancels a back-test that waits or runs; removes one that has ended.</summary>
internal sealed record DeleteBacktest(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class DeleteBacktestHandler(IWriteDatabase database, Performance performance)
    : IRequestHandler<DeleteBacktest, Result>
{
    public async Task<Result> Handle(DeleteBacktest request, CancellationToken cancellationToken)
    {
        await performance.LockAsync(request.Id, cancellationToken);
        var found = await database.QueryAsync<BacktestDto>(
            $"select {BacktestDto.Columns} from models.model_backtests where id = @Id for update",
            new { request.Id },
            cancellationToken
        );
        if (found is not [var backtest])
        {
            return ModelErrors.BacktestNotFound;
        }

        if (!request.IfMatch.Matches(backtest.Version))
        {
            return Error.PreconditionFailed;
        }

        if (WireName.Parse<RunStatus>(backtest.Status) is RunStatus.Queued or RunStatus.Running)
        {
            await database.ExecuteAsync(
                "update models.model_backtests set status = 'cancelled', finished_at = now() where id = @Id",
                new { request.Id },
                cancellationToken
            );
            return Result.Success;
        }

        await database.ExecuteAsync(
            "delete from models.model_backtests where id = @Id",
            new { request.Id },
            cancellationToken
        );
        await performance.RefreshAsync(backtest.ModelId, cancellationToken);
        return Result.Success;
    }
}

internal static class DeleteBacktestEndpoint
{
    public static void Map(RouteGroupBuilder backtests) =>
        backtests
            .MapDelete(
                "/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteBacktest(id, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(DeleteBacktest))
            .WithSummary("Cancel a back-test that waits or runs; remove one that has ended")
            .RequireScope(Scopes.ModelsWrite)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
