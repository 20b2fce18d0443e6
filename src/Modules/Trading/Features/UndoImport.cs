using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>Undoes an import as a whole, unless what is then left would sell more than is held.</summary>
internal sealed record UndoImport(Guid Id, IfMatch IfMatch) : ICommand;

internal sealed class UndoImportHandler(
    IWriteDatabase database,
    TradeImports imports,
    IPositions positions,
    PositionKeeper keeper,
    TradeHistory history
) : IRequestHandler<UndoImport, Result>
{
    public async Task<Result> Handle(UndoImport request, CancellationToken cancellationToken)
    {
        // One that runs is waited for.
        await imports.LockAsync(request.Id, cancellationToken);
        var import = await database.QueryAsync<Undone>(
            "select portfolio_id, xmin as version from trading.trade_imports where id = @id",
            new { id = request.Id },
            cancellationToken
        );
        if (
            import is not [var undone]
            || await positions.FindPortfolioAsync(undone.PortfolioId, cancellationToken) is not { } portfolio
        )
        {
            return TradeErrors.NoImport;
        }

        if (!request.IfMatch.Matches(undone.Version))
        {
            return Error.PreconditionFailed;
        }

        var coinIds = await LockAsync(portfolio, request.Id, cancellationToken);
        var before = await keeper.LedgersAsync(portfolio, coinIds, cancellationToken);
        var ids = await database.QueryAsync<Guid>(
            "select id from trading.trades where import_id = @id",
            new { id = request.Id },
            cancellationToken
        );
        await history.KeepAsync(TradeChange.Deleted, ids, cancellationToken);
        await database.ExecuteAsync(
            """
            delete from trading.trades where import_id = @id;
            delete from trading.trade_imports where id = @id;
            """,
            new { id = request.Id },
            cancellationToken
        );
        var settled = await keeper.ReplayAsync(
            portfolio,
            coinIds,
            (coinId, after) =>
                PositionReplay.FirstShortage(before[coinId], after) is { } shortage
                    ? TradeErrors.LaterTradesNeedIt(shortage)
                    : null,
            cancellationToken
        );
        if (settled.IsSuccess)
        {
            var links = before.Values.SelectMany(ledger => ledger).Select(movement => movement.Link).OfType<string>();
            await keeper.FollowAsync(portfolio.Id, coinIds, [.. links], cancellationToken);
        }

        return settled;
    }

    /// <summary>Locks every position that the import's trades belong to, also those that they are moved to while we wait.</summary>
    private async Task<IReadOnlyList<string>> LockAsync(
        PortfolioTerms portfolio,
        Guid importId,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<string> locked = [];
        while (true)
        {
            var coinIds = await database.QueryAsync<string>(
                """
                select coin_id from trading.trades where import_id = @importId
                union
                select fee_coin_id from trading.trades where import_id = @importId and fee_coin_id is not null and deduct_fees
                """,
                new { importId },
                cancellationToken
            );
            if (coinIds.All(locked.Contains))
            {
                return locked;
            }

            locked = [.. coinIds.Union(locked)];
            await positions.LockAsync(portfolio.Id, locked, cancellationToken);
        }
    }

    private sealed record Undone
    {
        public required Guid PortfolioId { get; init; }

        public required uint Version { get; init; }
    }
}

internal static class UndoImportEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapDelete(
                "/imports/{id:guid}",
                async (Guid id, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new UndoImport(id, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(UndoImport))
            .WithSummary("Undo an import")
            .RequireScope(Scopes.TradesWrite)
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
