using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>The ratios of a series of returns that is given, for spreadsheets and bots.</summary>
internal sealed record CalculateReturns(ReturnsInput Body) : IQuery<ReturnsAnswer>, IHasBody<ReturnsInput>;

/// <param name="Returns">Ratios, 0.01 for one per cent; null for a period without a value, which counts as time that passed.</param>
/// <param name="PeriodsPerYear">365 for days of crypto; 252, 52, 12.</param>
/// <param name="RiskFreeRate">A ratio a year; 0 by default.</param>
internal sealed record ReturnsInput(
    IReadOnlyList<decimal?>? Returns,
    decimal? PeriodsPerYear,
    decimal? RiskFreeRate = null
);

/// <summary>Formulas stand in the catalogue of metrics; what can't be said is null and has its reason.</summary>
internal sealed record ReturnsAnswer
{
    /// <summary>Returns that have a value.</summary>
    public required int Periods { get; init; }

    public decimal? TotalReturn { get; init; }

    public decimal? AnnualizedReturn { get; init; }

    public decimal? Volatility { get; init; }

    public decimal? Sharpe { get; init; }

    public decimal? Sortino { get; init; }

    public decimal? DownsideDeviation { get; init; }

    public decimal? Calmar { get; init; }

    public decimal? MaxDrawdown { get; init; }

    public required IReadOnlyList<Reason> Reasons { get; init; }
}

internal sealed class CalculateReturnsValidator : AbstractValidator<CalculateReturns>
{
    public const int MaxReturns = 100_000;
    public const int MaxPeriodsPerYear = 366 * 24 * 60;

    public CalculateReturnsValidator()
    {
        RuleFor(q => q.Body.Returns).Required();
        RuleFor(q => q.Body.Returns)
            .Must(returns => returns is null or { Count: <= MaxReturns })
            .WithMessage($"must have at most {MaxReturns} returns");
        RuleForEach(q => q.Body.Returns)
            .Must(r => r is null or >= -1)
            .WithMessage("must not be less than -1: nothing can lose more than all")
            .When(q => q.Body.Returns?.Count <= MaxReturns);
        RuleFor(q => q.Body.PeriodsPerYear).Required();
        RuleFor(q => q.Body.PeriodsPerYear)
            .Must(periods => periods is null or (> 0 and <= MaxPeriodsPerYear))
            .WithMessage($"must lie above 0 and not above {MaxPeriodsPerYear}");
        RuleFor(q => q.Body.RiskFreeRate)
            .Must(rate => rate is null or (> -1 and <= 10))
            .WithMessage("must lie above -1 and not above 10: a ratio a year");
    }
}

internal sealed class CalculateReturnsHandler : IRequestHandler<CalculateReturns, Result<ReturnsAnswer>>
{
    public Task<Result<ReturnsAnswer>> Handle(CalculateReturns request, CancellationToken cancellationToken)
    {
        var series = new ReturnSeries(
            [.. request.Body.Returns!.Select(r => (double?)r)],
            (double)request.Body.PeriodsPerYear!.Value,
            (double)(request.Body.RiskFreeRate ?? 0)
        );
        var reasons = new List<Reason>();

        return Task.FromResult<Result<ReturnsAnswer>>(
            new ReturnsAnswer
            {
                Periods = series.Count,
                TotalReturn = Said("totalReturn", series.TotalReturn, 1),
                AnnualizedReturn = Said("annualizedReturn", series.AnnualizedReturn, 1),
                Volatility = Said("volatility", series.Volatility, 2),
                Sharpe = Said("sharpe", series.Sharpe, 2),
                Sortino = Said("sortino", series.Sortino, 1),
                DownsideDeviation = Said("downsideDeviation", series.DownsideDeviation, 1),
                Calmar = Said("calmar", series.Calmar, 1),
                MaxDrawdown = Said("maxDrawdown", series.MaxDrawdown, 1),
                Reasons = reasons,
            }
        );

        decimal? Said(string field, double? value, int pointsNeeded)
        {
            var known = Significant.Of(value);
            if (known is null)
            {
                reasons.Add(
                    new Reason(
                        field,
                        series.Count < pointsNeeded ? Unsaid.TooFewPoints
                            : value is null ? Unsaid.DivisionByZero
                            : Unsaid.TooLarge
                    )
                );
            }

            return known;
        }
    }
}

internal static class CalculateReturnsEndpoint
{
    public static void Map(IEndpointRouteBuilder calculations) =>
        calculations
            .MapPost(
                "/returns",
                async (ReturnsInput body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new CalculateReturns(body), ct)).ToOk()
            )
            .WithName(nameof(CalculateReturns))
            .WithSummary("Total and annualised return, volatility, drawdown and ratios of a series of returns")
            .RequireScope(Scopes.Read)
            .Produces<ReturnsAnswer>();
}
