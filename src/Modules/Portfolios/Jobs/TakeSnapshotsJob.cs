using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Portfolios.Features;
using CryptoBeacon.Portfolios.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Portfolios.Jobs;

/// <summary>
/// Takes the snapshots that portfolios lack, each portfolio's in a transaction of its own and with its user's sight. One that fails stops
/// no other; the job then fails as a whole, and is run again.
/// </summary>
internal sealed class TakeSnapshotsJob(IReadDatabase database, IWorkerScopes scopes, TimeProvider clock) : IJob
{
    private const int PortfoliosAtOnce = 500;

    public async Task RunAsync(string? argument, CancellationToken cancellationToken)
    {
        var failures = new List<Exception>();
        var after = Guid.Empty;
        while (await LackingAsync(after, cancellationToken) is { Count: > 0 } portfolios)
        {
            foreach (var portfolio in portfolios)
            {
                try
                {
                    await TakeAsync(portfolio, cancellationToken);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    failures.Add(failure);
                }
            }

            after = portfolios[^1].Id;
        }

        if (failures.Count > 0)
        {
            throw new AggregateException("Snapshots of some portfolios could not be taken.", failures);
        }
    }

    private async Task TakeAsync(Lacking portfolio, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateFor(portfolio.UserId);
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        await mediator.Send(new TakeSnapshots(portfolio.Id), cancellationToken);
    }

    private Task<IReadOnlyList<Lacking>> LackingAsync(Guid after, CancellationToken cancellationToken) =>
        database.QueryAsync<Lacking>(
            """
            select p.id, p.user_id
            from portfolios.portfolios p
            where p.id > @after and not exists (
                select 1
                from portfolios.portfolio_snapshots s
                where s.portfolio_id = p.id and s.day = @yesterday::date and s.currency = p.currency
                    and s.cost_basis_method = p.cost_basis_method and s.computed_at > p.updated_at + @margin
            )
            order by p.id
            limit @limit
            """,
            new
            {
                after,
                yesterday = clock.UtcNow().UtcDateTime.Date.AddDays(-1),
                margin = Snapshots.LongestTransaction,
                limit = PortfoliosAtOnce,
            },
            cancellationToken
        );

    private sealed record Lacking
    {
        public required Guid Id { get; init; }

        public required Guid UserId { get; init; }
    }
}
