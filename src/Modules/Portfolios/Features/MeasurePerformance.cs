using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Portfolios.Domain;
using CryptoBeacon.Portfolios.Persistence;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>What a portfolio has earned in a range of time, and how steadily.</summary>
internal sealed record MeasurePerformance(Guid Id, string? From, string? To, string? Interval, string? Currency)
    : IQuery<PortfolioPerformance>;

/// <summary>
/// Gains, income and fees are those of the range; value, netInvested and unrealizedPnl stand at its end. Ratios are not per cent. What can't be said is null and
/// has its reason; what it lacks is in <see cref="Missing"/>.
/// </summary>
internal sealed record PortfolioPerformance
{
    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; init; }

    public required string Currency { get; init; }

    public decimal? Value { get; init; }

    public decimal? TimeWeightedReturn { get; init; }

    /// <summary>A ratio a year of 365 days.</summary>
    public decimal? MoneyWeightedReturn { get; init; }

    public decimal? RealizedPnl { get; init; }

    public decimal? UnrealizedPnl { get; init; }

    public decimal? Income { get; init; }

    public decimal? Fees { get; init; }

    /// <summary>The cost of the lots that were open at the start, and what was put in and taken out since.</summary>
    public decimal? NetInvested { get; init; }

    /// <summary>The largest fall of the time-weighted index from its running peak at the points of the series: a negative ratio, or 0.</summary>
    public decimal? MaxDrawdown { get; init; }

    /// <summary>Of the returns of whole days of UTC, a year of 365.</summary>
    public decimal? Volatility { get; init; }

    public required bool IsComplete { get; init; }

    public required IReadOnlyList<Missing> Missing { get; init; }

    public required IReadOnlyList<Reason> Reasons { get; init; }

    public required IReadOnlyList<RateUsed> Rates { get; init; }

    /// <summary>How old the oldest rate was, in seconds, at the time that it was taken for.</summary>
    public long? OldestRateAgeSeconds { get; init; }

    public required IReadOnlyList<Asset> Assets { get; init; }

    public required IReadOnlyList<Point> Points { get; init; }

    internal sealed record Asset
    {
        public required string CoinId { get; init; }

        public decimal? TimeWeightedReturn { get; init; }

        public decimal? RealizedPnl { get; init; }

        public decimal? UnrealizedPnl { get; init; }

        public decimal? Income { get; init; }

        public decimal? Fees { get; init; }
    }

    /// <param name="Value">Null where a coin that is held then has no rate.</param>
    /// <param name="Twr">The time-weighted return since the start of the range.</param>
    internal sealed record Point(DateTimeOffset Time, decimal? Value, decimal? NetInvested, decimal? Twr);
}

internal sealed class MeasurePerformanceValidator : AbstractValidator<MeasurePerformance>
{
    public MeasurePerformanceValidator(TimeProvider clock)
    {
        RuleFor(q => q.Currency).Currency();
        RuleFor(q => q.From).PastTime(clock);
        RuleFor(q => q.To).PastTime(clock).After(q => q.From);
        RuleFor(q => q.Interval)
            .Must(interval => interval is null || TimeGrid.Intervals.ContainsKey(interval))
            .WithMessage($"must be one of {string.Join(", ", TimeGrid.Intervals.Keys)}");
    }
}

internal sealed class MeasurePerformanceHandler(
    IPositions portfolios,
    PerformanceReader performances,
    TimeProvider clock
) : IRequestHandler<MeasurePerformance, Result<PortfolioPerformance>>
{
    public async Task<Result<PortfolioPerformance>> Handle(
        MeasurePerformance request,
        CancellationToken cancellationToken
    )
    {
        if (await portfolios.FindPortfolioAsync(request.Id, cancellationToken) is not { } portfolio)
        {
            return PortfolioErrors.NotFound;
        }

        var to = UtcTime.TryParse(request.To, out var end) && end < clock.GetUtcNow() ? end : clock.UtcNow();
        var interval = TimeGrid.Intervals[request.Interval ?? "1d"];
        var currency = request.Currency ?? portfolio.Currency;
        var steps = await performances.StepsAsync(portfolio.Id, currency, to, cancellationToken);
        var from =
            UtcTime.TryParse(request.From, out var start) ? start
            : steps is [var first, ..] ? first.At
            : to;
        if (!TimeGrid.Fits(from, to, interval))
        {
            return Error.Invalid("from", $"gives more than {TimeGrid.MaxPoints} points at this interval");
        }

        var grid = TimeGrid.Of(from, to, interval);
        var (performance, rates) = await performances.WalkAsync(steps, from, to, grid, currency, cancellationToken);
        return Answer(performance, rates, from, to, currency);
    }

    private static PortfolioPerformance Answer(
        Performance performance,
        Rates rates,
        DateTimeOffset from,
        DateTimeOffset to,
        string currency
    )
    {
        var reasons = new List<Reason>();
        var missing = rates.Missing.Concat(performance.Missing).ToArray();
        var known = performance.Points.Where(point => point.Index is not null).ToArray();
        var (moneyWeighted, whyNot) = performance.MoneyWeighted();
        var timeWeighted = performance.HasSubstance ? Exact.Estimate(performance.IndexAtEnd - 1) : null;
        var steps = ReturnsOf([.. known.Select(point => point.Index!.Value)]);
        var days = ReturnsOf([
            .. performance.Points.Where(p => p.Time.UtcTicks % TimeSpan.TicksPerDay == 0).Select(point => point.Index),
        ]);
        var unsaid = missing.Length > 0 ? Unsaid.Incomplete : Unsaid.TooFewPoints;

        return new PortfolioPerformance
        {
            From = from,
            To = to,
            Currency = currency,
            Value = Said("value", performance.Value),
            TimeWeightedReturn = Said("timeWeightedReturn", timeWeighted),
            MoneyWeightedReturn = Said("moneyWeightedReturn", Exact.Estimate(moneyWeighted), whyNot),
            RealizedPnl = Said("realizedPnl", SumOf(performance, asset => asset.Realized.Amount)),
            UnrealizedPnl = Said("unrealizedPnl", SumOf(performance, asset => asset.UnrealizedPnl)),
            Income = Said("income", SumOf(performance, asset => asset.Income.Amount)),
            Fees = Said("fees", SumOf(performance, asset => asset.Fees.Amount)),
            NetInvested = Said("netInvested", performance.NetInvested.Amount),
            // Of an index that nobody knows to its end, or that nothing moved, neither a fall nor a deviation can be said: 0 would be a claim.
            MaxDrawdown = Said(
                "maxDrawdown",
                timeWeighted is null ? null : Exact.Estimate(new ReturnSeries(steps, 365).MaxDrawdown)
            ),
            Volatility = Said(
                "volatility",
                timeWeighted is null ? null : Exact.Estimate(new ReturnSeries(days, 365).Volatility)
            ),
            IsComplete = missing.Length == 0,
            Missing = missing,
            Reasons = reasons,
            Rates = rates.Used(currency),
            OldestRateAgeSeconds = (long?)rates.OldestAge?.TotalSeconds,
            Assets =
            [
                .. performance
                    .Assets.Where(asset => asset.HasMoved || asset.Quantity > 0)
                    .Select(asset => new PortfolioPerformance.Asset
                    {
                        CoinId = asset.CoinId,
                        TimeWeightedReturn = Exact.Estimate(asset.IndexAtEnd - 1),
                        RealizedPnl = asset.Realized.Amount,
                        UnrealizedPnl = asset.UnrealizedPnl,
                        Income = asset.Income.Amount,
                        Fees = asset.Fees.Amount,
                    }),
            ],
            Points =
            [
                .. performance.Points.Select(point => new PortfolioPerformance.Point(
                    point.Time,
                    point.Value,
                    point.NetInvested,
                    Exact.Estimate(point.Index - 1)
                )),
            ],
        };

        decimal? Said(string field, decimal? value, Unsaid? reason = null)
        {
            if (value is null)
            {
                reasons.Add(new Reason(field, reason ?? unsaid));
            }

            return value;
        }
    }

    /// <summary>From one index to the next; null where one of the two is not known, or nothing was left to gain or lose.</summary>
    private static double?[] ReturnsOf(IReadOnlyList<double?> index) =>
        [.. index.Zip(index.Skip(1), (before, after) => before > 0 ? (after / before) - 1 : null)];

    private static double?[] ReturnsOf(double[] index) => ReturnsOf([.. index.Select(value => (double?)value)]);

    /// <summary>Of the assets that have it; null where there are some and none has it.</summary>
    private static decimal? SumOf(Performance performance, Func<AssetPerformance, decimal?> part)
    {
        var total = new Total();
        var parts = performance.Assets.Select(part).ToArray();
        foreach (var amount in parts.Where(amount => amount is not null))
        {
            total.Add(amount);
        }

        return parts.Length > 0 && parts.All(amount => amount is null) ? null : total.Amount;
    }
}

internal static class MeasurePerformanceEndpoint
{
    public static void Map(RouteGroupBuilder portfolios) =>
        portfolios
            .MapGet(
                "/{id:guid}/performance",
                async (
                    Guid id,
                    string? from,
                    string? to,
                    string? interval,
                    string? currency,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new MeasurePerformance(id, from, to, interval, currency), ct)).ToOk()
            )
            .WithName(nameof(MeasurePerformance))
            .WithSummary(
                "Time- and money-weighted returns, gains, drawdown and volatility of a range, with the series behind them"
            )
            .Produces<PortfolioPerformance>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.Read);
}
