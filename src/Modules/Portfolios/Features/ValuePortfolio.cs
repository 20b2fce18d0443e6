using CryptoBeacon.Portfolios.Domain;
using CryptoBeacon.Portfolios.Persistence;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>What a portfolio is worth, now or at a time in the past.</summary>
internal sealed record ValuePortfolio(Guid Id, string? Currency, string? AsOf) : IQuery<PortfolioValuation>;

internal sealed record PortfolioValuation
{
    public required DateTimeOffset AsOf { get; init; }

    public required string Currency { get; init; }

    public decimal? TotalValue { get; init; }

    public decimal? TotalCost { get; init; }

    public decimal? UnrealizedPnl { get; init; }

    public decimal? UnrealizedPnlPercent { get; init; }

    public decimal? Change24h { get; init; }

    public decimal? Change24hPercent { get; init; }

    public required bool IsComplete { get; init; }

    public required IReadOnlyList<Missing> Missing { get; init; }

    public required IReadOnlyList<AssetValuation> Assets { get; init; }

    public required IReadOnlyList<RateUsed> Rates { get; init; }

    /// <summary>The age of the answer's oldest rate.</summary>
    public DateTimeOffset? OldestRateAt { get; init; }
}

internal sealed class ValuePortfolioValidator : AbstractValidator<ValuePortfolio>
{
    public ValuePortfolioValidator(TimeProvider clock)
    {
        RuleFor(q => q.Currency).Currency();
        RuleFor(q => q.AsOf).PastTime(clock);
    }
}

internal sealed class ValuePortfolioHandler(Holdings holdings, TimeProvider clock)
    : IRequestHandler<ValuePortfolio, Result<PortfolioValuation>>
{
    public async Task<Result<PortfolioValuation>> Handle(ValuePortfolio request, CancellationToken cancellationToken)
    {
        var isPast = UtcTime.TryParse(request.AsOf, out var past);
        var asOf = isPast ? past : clock.UtcNow();
        var held = await holdings.ReadAsync(request.Id, request.Currency, asOf, isPast, cancellationToken);
        if (held.Portfolios.Count == 0)
        {
            return PortfolioErrors.NotFound;
        }

        var valuation = Valuation.Of(held.Holdings);
        var rates = RateUsed.Of(held.Holdings, held.Currency);
        return new PortfolioValuation
        {
            AsOf = asOf,
            Currency = held.Currency,
            TotalValue = valuation.TotalValue,
            TotalCost = valuation.TotalCost,
            UnrealizedPnl = valuation.UnrealizedPnl,
            UnrealizedPnlPercent = valuation.UnrealizedPnlPercent,
            Change24h = valuation.Change24h,
            Change24hPercent = valuation.Change24hPercent,
            IsComplete = valuation.IsComplete,
            Missing = valuation.Missing,
            Assets = valuation.Assets,
            Rates = rates,
            OldestRateAt = RateUsed.OldestOf(rates),
        };
    }
}

internal static class ValuePortfolioEndpoint
{
    public static void Map(RouteGroupBuilder portfolios) =>
        portfolios
            .MapGet(
                "/{id:guid}/valuation",
                async (Guid id, string? currency, string? asOf, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ValuePortfolio(id, currency, asOf), ct)).ToOk()
            )
            .WithName(nameof(ValuePortfolio))
            .WithSummary("Value a portfolio, now or at a time in the past, in its own or another currency")
            .Produces<PortfolioValuation>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.Read);
}
