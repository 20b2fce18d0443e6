using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Portfolios.Domain;
using CryptoBeacon.Portfolios.Persistence;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>A picture of a portfolio's value, day by day, beside what was put into it.</summary>
internal sealed record DrawChart(Guid Id, string? From, string? To, string? Currency) : IQuery<string>;

internal sealed class DrawChartValidator : AbstractValidator<DrawChart>
{
    public DrawChartValidator(TimeProvider clock)
    {
        RuleFor(q => q.Currency).Currency();
        RuleFor(q => q.From).PastTime(clock);
        RuleFor(q => q.To).PastTime(clock).After(q => q.From);
    }
}

internal sealed class DrawChartHandler(
    IPositions portfolios,
    PerformanceReader performances,
    Snapshots snapshots,
    TimeProvider clock
) : IRequestHandler<DrawChart, Result<string>>
{
    public async Task<Result<string>> Handle(DrawChart request, CancellationToken cancellationToken)
    {
        if (await portfolios.FindPortfolioAsync(request.Id, cancellationToken) is not { } portfolio)
        {
            return PortfolioErrors.NotFound;
        }

        var to = UtcTime.TryParse(request.To, out var end) && end < clock.GetUtcNow() ? end : clock.UtcNow();
        var currency = request.Currency ?? portfolio.Currency;
        var steps = await performances.StepsAsync(portfolio.Id, currency, to, cancellationToken);
        var from =
            UtcTime.TryParse(request.From, out var start) ? start
            : steps is [var first, ..] ? first.At
            : to;
        if (!TimeGrid.Fits(from, to, TimeSpan.FromDays(1)))
        {
            return Error.Invalid("from", $"gives more than {TimeGrid.MaxPoints} days");
        }

        var kept =
            currency == portfolio.Currency
                ? await snapshots.ReadAsync(portfolio.Id, cancellationToken)
                : new Dictionary<DateTimeOffset, Snapshot>();
        var grid = TimeGrid.Of(from, to, TimeSpan.FromDays(1));
        var (performance, _) = await performances.WalkAsync(
            steps,
            steps is [var earliest, ..] ? earliest.At : from,
            to,
            [.. grid.Where(time => !kept.ContainsKey(time))],
            currency,
            cancellationToken,
            isIndexed: false
        );
        var worked = performance.Points.ToDictionary(point => point.Time);
        return ValueChart.Draw(
            currency,
            [
                .. grid.Select(time =>
                    kept.TryGetValue(time, out var snapshot)
                        ? new PerformancePoint(time, snapshot.Value, snapshot.NetInvested, null)
                        : worked[time]
                ),
            ]
        );
    }
}

internal static class DrawChartEndpoint
{
    public static void Map(RouteGroupBuilder portfolios) =>
        portfolios
            .MapGet(
                "/{id:guid}/chart.svg",
                async (Guid id, string? from, string? to, string? currency, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new DrawChart(id, from, to, currency), ct)).To(svg =>
                        Results.Text(svg, "image/svg+xml")
                    )
            )
            .WithName(nameof(DrawChart))
            .WithSummary("The portfolio's value over time, as a picture")
            .Produces<string>(StatusCodes.Status200OK, "image/svg+xml")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.Read);
}
