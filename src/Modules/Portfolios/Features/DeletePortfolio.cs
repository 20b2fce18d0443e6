using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>Deletes a portfolio, and only when forced its trades with it.</summary>
internal sealed record DeletePortfolio(Guid Id, bool Force, IfMatch IfMatch) : ICommand;

internal sealed class DeletePortfolioHandler(
    IRepository<Portfolio> portfolios,
    ITradeLedger ledger,
    DefaultOf<Portfolio> defaultPortfolio,
    ICurrentUser user
) : IRequestHandler<DeletePortfolio, Result>
{
    public async Task<Result> Handle(DeletePortfolio request, CancellationToken cancellationToken)
    {
        await defaultPortfolio.LockAsync(cancellationToken);
        var portfolio = await portfolios.FirstOrDefaultAsync(
            new PortfolioSpecs.ById(user.Id, request.Id),
            cancellationToken
        );
        if (portfolio is null)
        {
            return PortfolioErrors.NotFound;
        }

        if (!request.IfMatch.Matches(portfolio.Version))
        {
            return Error.PreconditionFailed;
        }

        // The row's lock has waited for every trade under way, and keeps new ones out.
        if (await ledger.HasTradesAsync(portfolio.Id, cancellationToken))
        {
            if (!request.Force)
            {
                return PortfolioErrors.HasTrades;
            }

            await ledger.DeleteAllAsync(portfolio.Id, cancellationToken);
        }

        await portfolios.DeleteAsync(portfolio, cancellationToken);
        if (portfolio.IsDefault)
        {
            await defaultPortfolio.InheritAsync(cancellationToken);
        }

        return Result.Success;
    }
}

internal static class DeletePortfolioEndpoint
{
    public static void Map(RouteGroupBuilder portfolios) =>
        portfolios
            .MapDelete(
                "/{id:guid}",
                async (Guid id, bool? force, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DeletePortfolio(id, force is true, ifMatch), ct)).ToNoContent()
            )
            .WithName(nameof(DeletePortfolio))
            .WithSummary("Delete a portfolio; with force=true its trades, too")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .RequireScope(Scopes.PortfoliosWrite);
}
