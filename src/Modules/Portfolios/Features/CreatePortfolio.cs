using AutoMapper;
using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>Opens a portfolio for the signed-in user; the first one is the default.</summary>
internal sealed record CreatePortfolio(PortfolioInput Body) : ICommand<PortfolioDto>, IHasBody<PortfolioInput>;

internal sealed class CreatePortfolioValidator : AbstractValidator<CreatePortfolio>
{
    public CreatePortfolioValidator(IValidator<PortfolioInput> input) => RuleFor(c => c.Body).SetValidator(input);
}

internal sealed class CreatePortfolioHandler(
    DefaultOf<Portfolio> defaultPortfolio,
    ICurrentUser user,
    TimeProvider clock,
    IMapper mapper
) : IRequestHandler<CreatePortfolio, Result<PortfolioDto>>
{
    public async Task<Result<PortfolioDto>> Handle(CreatePortfolio request, CancellationToken cancellationToken)
    {
        await defaultPortfolio.LockAsync(cancellationToken);

        var portfolio = Portfolio.Open(user.Id, request.Body, clock.UtcNow());
        await defaultPortfolio.AddAsync(portfolio, request.Body.IsDefault is true, cancellationToken);

        return mapper.Map<PortfolioDto>(portfolio);
    }
}

internal static class CreatePortfolioEndpoint
{
    public static void Map(RouteGroupBuilder portfolios) =>
        portfolios
            .MapPost(
                "/",
                async (PortfolioInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CreatePortfolio(body.WithDefaults()), ct)).ToCreated(p =>
                        PortfolioDto.Location(p.Id)
                    )
            )
            .WithName(nameof(CreatePortfolio))
            .WithSummary("Open a portfolio")
            .Produces<PortfolioDto>(StatusCodes.Status201Created)
            .RequireScope(Scopes.PortfoliosWrite)
            .HonoursIdempotencyKey();
}
