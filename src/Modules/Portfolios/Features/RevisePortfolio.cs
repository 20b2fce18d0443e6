using AutoMapper;
using CryptoBeacon.Portfolios.Domain;
using CryptoBeacon.Portfolios.Persistence;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>Changes what a merge patch names. Making it the default takes that from the present one.</summary>
internal sealed record RevisePortfolio(Guid Id, MergePatch Patch, IfMatch IfMatch) : ICommand<PortfolioDto>;

internal sealed class RevisePortfolioHandler(
    IRepository<Portfolio> portfolios,
    IValidator<PortfolioInput> validator,
    DefaultOf<Portfolio> defaultPortfolio,
    PortfolioCurrency portfolioCurrency,
    ICurrentUser user,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<RevisePortfolio, Result<PortfolioDto>>
{
    public async Task<Result<PortfolioDto>> Handle(RevisePortfolio request, CancellationToken cancellationToken)
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

        var current = portfolio.ToInput();
        var revised = request.Patch.ApplyTo(current, validator);
        if (!revised.IsSuccess)
        {
            return revised.Error;
        }

        var input = revised.Value;
        if (input == current)
        {
            return mapper.Map<PortfolioDto>(portfolio);
        }

        if (current.IsDefault is true && input.IsDefault is false)
        {
            return PortfolioErrors.DefaultRequired;
        }

        portfolio.Revise(input, clock.UtcNow());
        await portfolios.UpdateAsync(portfolio, cancellationToken);
        if (input.IsDefault is true && current.IsDefault is false)
        {
            await defaultPortfolio.MoveToAsync(portfolio, cancellationToken);
        }

        if (input.Currency != current.Currency)
        {
            var changed = await portfolioCurrency.RestateAsync(portfolio.Id, cancellationToken);
            if (!changed.IsSuccess)
            {
                return changed.Error;
            }
        }

        return mapper.Map<PortfolioDto>(portfolio);
    }
}

internal static class RevisePortfolioEndpoint
{
    public static void Map(RouteGroupBuilder portfolios) =>
        portfolios
            .MapPatch(
                "/{id:guid}",
                async (
                    Guid id,
                    PatchBody<PortfolioInput> body,
                    IfMatch ifMatch,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new RevisePortfolio(id, body.Patch, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(RevisePortfolio))
            .WithSummary("Change a portfolio's name, description, currency, cost basis method, or make it the default")
            .Produces<PortfolioDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .RequireScope(Scopes.PortfoliosWrite);
}
