using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Features;

internal sealed record GetPortfolio(Guid Id) : IQuery<PortfolioDto>;

internal sealed class GetPortfolioHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<GetPortfolio, Result<PortfolioDto>>
{
    public async Task<Result<PortfolioDto>> Handle(GetPortfolio request, CancellationToken cancellationToken)
    {
        var portfolio = await database.QuerySingleOrDefaultAsync<PortfolioDto>(
            """
            select id, name, description, currency, is_default, cost_basis_method, created_at, updated_at, xmin as version
            from portfolios.portfolios
            where user_id = @userId and id = @id
            """,
            new { userId = user.Id, id = request.Id },
            cancellationToken
        );
        return portfolio is null ? PortfolioErrors.NotFound : portfolio;
    }
}

internal static class GetPortfolioEndpoint
{
    public static void Map(RouteGroupBuilder portfolios) =>
        portfolios
            .MapGet(
                "/{id:guid}",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new GetPortfolio(id), ct)).ToOk()
            )
            .WithName(nameof(GetPortfolio))
            .WithSummary("Read a portfolio")
            .Produces<PortfolioDto>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.Read);
}
