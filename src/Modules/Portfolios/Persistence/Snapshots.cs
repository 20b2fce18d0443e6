using CryptoBeacon.Application.Contracts.Portfolios;
using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Persistence;

/// <summary>What is stored of portfolios' values at the ends of days of UTC.</summary>
internal sealed class Snapshots(IReadDatabase reads, IWriteDatabase writes, ICurrentUser user)
{
    // What was committed while an earlier snapshot was taken had a time of its own before that.
    public static readonly TimeSpan LongestTransaction = TimeSpan.FromMinutes(15);

    public static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    public static DateOnly DayThatEnds(DateTimeOffset end) => DateOnly.FromDateTime(end.UtcDateTime).AddDays(-1);

    public static IEnumerable<DateTimeOffset> EndsOfDays(DateOnly first, DateTimeOffset until)
    {
        for (var end = StartOf(first.AddDays(1)); end <= until; end = end.AddDays(1))
        {
            yield return end;
        }
    }

    /// <summary>Those that hold still: a change of the ledger since makes all of them doubtful until they are taken again.</summary>
    public async Task<IReadOnlyDictionary<DateTimeOffset, Snapshot>> ReadAsync(
        Guid portfolioId,
        CancellationToken cancellationToken
    )
    {
        var stored = await reads.QueryAsync<Snapshot>(
            """
            select s.day, s.value, s.net_invested
            from portfolios.portfolio_snapshots s
            join portfolios.portfolios p on p.user_id = s.user_id and p.id = s.portfolio_id
            where s.user_id = @userId and s.portfolio_id = @portfolioId
                and s.currency = p.currency and s.cost_basis_method = p.cost_basis_method
                and s.computed_at > p.updated_at + @margin
            """,
            new
            {
                userId = user.Id,
                portfolioId,
                margin = LongestTransaction,
            },
            cancellationToken
        );
        return stored.ToDictionary(snapshot => StartOf(snapshot.Day.AddDays(1)));
    }

    public async Task<IReadOnlySet<DateOnly>> DaysAsync(Guid portfolioId, CancellationToken cancellationToken) =>
        (
            await reads.QueryAsync<DateOnly>(
                "select day from portfolios.portfolio_snapshots where user_id = @userId and portfolio_id = @portfolioId",
                new { userId = user.Id, portfolioId },
                cancellationToken
            )
        ).ToHashSet();

    public Task ForgetWhatChangedAsync(
        PortfolioTerms portfolio,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        writes.ExecuteAsync(
            """
            with newest as (
                select max(computed_at) as computed_at
                from portfolios.portfolio_snapshots
                where user_id = @userId and portfolio_id = @Id
            )
            delete from portfolios.portfolio_snapshots
            using newest
            where user_id = @userId and portfolio_id = @Id
                and (
                    currency <> @Currency or cost_basis_method <> @CostBasisMethod
                    or value is null and portfolio_snapshots.computed_at < @today
                    or day >= (
                        trading.earliest_change_since(@Id, newest.computed_at - @margin) at time zone 'UTC')::date
                )
            """,
            new
            {
                userId = user.Id,
                portfolio.Id,
                portfolio.Currency,
                portfolio.CostBasisMethod,
                today = StartOf(DateOnly.FromDateTime(now.UtcDateTime)),
                margin = LongestTransaction,
            },
            cancellationToken
        );

    public Task AddAsync(
        PortfolioTerms portfolio,
        IReadOnlyList<PerformancePoint> points,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        writes.ExecuteAsync(
            """
            insert into portfolios.portfolio_snapshots as stored
                (portfolio_id, user_id, day, currency, cost_basis_method, value, net_invested, computed_at)
            select @Id, @userId, day, @Currency, @CostBasisMethod, value, net_invested, @now
            from unnest(@days, @values, @invested) as taken (day, value, net_invested)
            on conflict (portfolio_id, day) do update
            set currency = excluded.currency, cost_basis_method = excluded.cost_basis_method, value = excluded.value,
                net_invested = excluded.net_invested, computed_at = excluded.computed_at;

            update portfolios.portfolio_snapshots set computed_at = @now where user_id = @userId and portfolio_id = @Id;
            """,
            new
            {
                userId = user.Id,
                portfolio.Id,
                portfolio.Currency,
                portfolio.CostBasisMethod,
                now,
                days = points.Select(point => DayThatEnds(point.Time)).ToArray(),
                values = points.Select(point => point.Value).ToArray(),
                invested = points.Select(point => point.NetInvested).ToArray(),
            },
            cancellationToken
        );
}

internal sealed record Snapshot
{
    public required DateOnly Day { get; init; }

    public decimal? Value { get; init; }

    public decimal? NetInvested { get; init; }
}
