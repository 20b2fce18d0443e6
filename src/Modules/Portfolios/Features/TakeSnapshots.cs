using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Portfolios.Persistence;

namespace CryptoBeacon.Portfolios.Features;

/// <summary>
/// Writes down what a portfolio was worth at the end of each past day: of the days that have no snapshot, whatever the reason, of those that a later change of the
/// ledger concerns, and, once a day, of those whose rates were not known.
/// </summary>
internal sealed record TakeSnapshots(Guid PortfolioId) : ICommand;

internal sealed class TakeSnapshotsHandler(
    IPositions portfolios,
    PerformanceReader performances,
    Snapshots snapshots,
    TimeProvider clock
) : IRequestHandler<TakeSnapshots, Result>
{
    public async Task<Result> Handle(TakeSnapshots request, CancellationToken cancellationToken)
    {
        if (await portfolios.FindPortfolioAsync(request.PortfolioId, cancellationToken) is not { } portfolio)
        {
            return Result.Success;
        }

        var now = clock.UtcNow();
        var today = Snapshots.StartOf(DateOnly.FromDateTime(now.UtcDateTime));
        await snapshots.ForgetWhatChangedAsync(portfolio, now, cancellationToken);
        var steps = await performances.StepsAsync(portfolio.Id, portfolio.Currency, today, cancellationToken);
        if (steps.Count == 0)
        {
            return Result.Success;
        }

        var first = DateOnly.FromDateTime(steps[0].At.UtcDateTime);
        var taken = await snapshots.DaysAsync(portfolio.Id, cancellationToken);
        var missing = Snapshots
            .EndsOfDays(first, today)
            .Where(end => !taken.Contains(Snapshots.DayThatEnds(end)))
            .ToArray();
        var (performance, _) = await performances.WalkAsync(
            steps,
            steps[0].At,
            today,
            missing,
            portfolio.Currency,
            cancellationToken,
            isIndexed: false
        );
        await snapshots.AddAsync(portfolio, performance.Points, now, cancellationToken);
        return Result.Success;
    }
}
