using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Takes a trade out of the ledger; its history stays.</summary>
internal sealed record DeleteTrade(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class DeleteTradeHandler(
    TradesUnderLock locked,
    IRepository<Trade> trades,
    PositionKeeper keeper,
    TradeHistory history
) : IRequestHandler<DeleteTrade, Result>
{
    public async Task<Result> Handle(DeleteTrade request, CancellationToken cancellationToken)
    {
        var found = await locked.LoadAsync(
            request.Id,
            otherCoinIds: [],
            otherLinkId: null,
            request.IfMatch,
            cancellationToken
        );
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var (trade, portfolio) = found.Value;
        await history.KeepAsync(TradeChange.Deleted, [trade.Id], cancellationToken);
        await history.RememberRowAsync(trade.Id, cancellationToken);
        await trades.DeleteAsync(trade, cancellationToken);
        return await keeper.SettleAsync([(portfolio, LedgerChange.Removing(trade.Movements))], cancellationToken);
    }
}

internal static class DeleteTradeEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapDelete(
                "/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteTrade(id, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(DeleteTrade))
            .WithSummary("Delete a trade")
            .WithDescription("The other leg of a swap or of a transfer stays, as a trade by itself.")
            .RequireScope(Scopes.TradesWrite)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
