using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Portfolios.Domain;
using CryptoBeacon.Portfolios.Persistence;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>Takes an opening balance back. Trades stay, and with them what they brought.</summary>
internal sealed record DeleteOpeningBalance(Guid PortfolioId, string CoinId, IfMatch IfMatch) : ICommand;

internal sealed class DeleteOpeningBalanceHandler(Positions positions, ITradeLedger ledger, IMediator mediator)
    : IRequestHandler<DeleteOpeningBalance, Result>
{
    public async Task<Result> Handle(DeleteOpeningBalance request, CancellationToken cancellationToken)
    {
        if (await positions.FindPortfolioAsync(request.PortfolioId, cancellationToken) is null)
        {
            return PortfolioErrors.NotFound;
        }

        await positions.LockAsync(request.PortfolioId, [request.CoinId], cancellationToken);
        var asset = await mediator.Send(new GetAsset(request.PortfolioId, request.CoinId), cancellationToken);
        if (!asset.IsSuccess)
        {
            return asset.Error;
        }

        if (!request.IfMatch.Matches(asset.Value.Version))
        {
            return Error.PreconditionFailed;
        }

        if (asset.Value.OpeningQuantity is null)
        {
            return PortfolioErrors.AssetHasTrades;
        }

        await positions.DeleteOpeningBalanceAsync(request.PortfolioId, request.CoinId, cancellationToken);
        return await ledger.ReplayAsync(request.PortfolioId, request.CoinId, cancellationToken);
    }
}

internal static class DeleteOpeningBalanceEndpoint
{
    public static void Map(RouteGroupBuilder assets) =>
        assets
            .MapDelete(
                "/{coinId}",
                async (Guid id, string coinId, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeleteOpeningBalance(id, coinId, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(DeleteOpeningBalance))
            .WithSummary("Delete the opening balance of a coin; its trades stay")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .RequireScope(Scopes.PortfoliosWrite);
}
