using CryptoBeacon.Portfolios.Domain;
using CryptoBeacon.Portfolios.Persistence;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>What all of a user's portfolios are worth together, in one currency: the default portfolio's unless asked otherwise.</summary>
internal sealed record SummarizePortfolios(string? Currency) : IQuery<PortfoliosSummary>;

internal sealed record PortfoliosSummary
{
    public required DateTimeOffset AsOf { get; init; }

    public required string Currency { get; init; }

    public decimal? TotalValue { get; init; }

    public decimal? TotalCost { get; init; }

    public decimal? UnrealizedPnl { get; init; }

    public decimal? Change24h { get; init; }

    public required bool IsComplete { get; init; }

    public required IReadOnlyList<Missing> Missing { get; init; }

    public required IReadOnlyList<PortfolioLine> Portfolios { get; init; }

    public required IReadOnlyList<RateUsed> Rates { get; init; }

    /// <summary>The age of the answer's oldest rate.</summary>
    public DateTimeOffset? OldestRateAt { get; init; }

    internal sealed record PortfolioLine
    {
        public required Guid Id { get; init; }

        public required string Name { get; init; }

        public decimal? Value { get; init; }

        public decimal? Cost { get; init; }

        public decimal? UnrealizedPnl { get; init; }

        public decimal? Change24h { get; init; }

        public required bool IsComplete { get; init; }
    }
}

internal sealed class SummarizePortfoliosValidator : AbstractValidator<SummarizePortfolios>
{
    public SummarizePortfoliosValidator() => RuleFor(q => q.Currency).Currency();
}

internal sealed class SummarizePortfoliosHandler(Holdings holdings, TimeProvider clock)
    : IRequestHandler<SummarizePortfolios, Result<PortfoliosSummary>>
{
    public async Task<Result<PortfoliosSummary>> Handle(
        SummarizePortfolios request,
        CancellationToken cancellationToken
    )
    {
        var asOf = clock.UtcNow();
        var held = await holdings.ReadAsync(
            portfolioId: null,
            request.Currency,
            asOf,
            isPast: false,
            cancellationToken
        );
        var together = Valuation.Of(held.Holdings);
        var byPortfolio = held.Holdings.ToLookup(holding => holding.PortfolioId);
        var rates = RateUsed.Of(held.Holdings, held.Currency);
        return new PortfoliosSummary
        {
            AsOf = asOf,
            Currency = held.Currency,
            TotalValue = together.TotalValue,
            TotalCost = together.TotalCost,
            UnrealizedPnl = together.UnrealizedPnl,
            Change24h = together.Change24h,
            IsComplete = together.IsComplete,
            Missing = [.. together.Missing.Distinct()],
            Portfolios = [.. held.Portfolios.Select(portfolio => ToLine(portfolio, [.. byPortfolio[portfolio.Id]]))],
            Rates = rates,
            OldestRateAt = RateUsed.OldestOf(rates),
        };
    }

    private static PortfoliosSummary.PortfolioLine ToLine(
        HoldingPortfolio portfolio,
        IReadOnlyCollection<Holding> holdings
    )
    {
        var valuation = Valuation.Of(holdings);
        return new PortfoliosSummary.PortfolioLine
        {
            Id = portfolio.Id,
            Name = portfolio.Name,
            Value = valuation.TotalValue,
            Cost = valuation.TotalCost,
            UnrealizedPnl = valuation.UnrealizedPnl,
            Change24h = valuation.Change24h,
            IsComplete = valuation.IsComplete,
        };
    }
}

internal static class SummarizePortfoliosEndpoint
{
    public static void Map(RouteGroupBuilder portfolios) =>
        portfolios
            .MapGet(
                "/summary",
                async (string? currency, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new SummarizePortfolios(currency), ct)).ToOk()
            )
            .WithName(nameof(SummarizePortfolios))
            .WithSummary("Value all of one's portfolios in one currency")
            .Produces<PortfoliosSummary>()
            .RequireScope(Scopes.Read);
}
