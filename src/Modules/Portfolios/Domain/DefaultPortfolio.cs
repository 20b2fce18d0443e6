using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Application.Security;

namespace CryptoBeacon.Portfolios.Domain;

/// <summary>
/// Keeps one rule: while a user has portfolios, exactly one is the default. The first becomes it, a new one takes it from the old, the oldest
/// inherits it.
/// </summary>
internal sealed class DefaultPortfolio(
    IRepository<Portfolio> portfolios,
    IWriteDatabase database,
    ICurrentUser user,
    TimeProvider clock
)
{
    /// <summary>Taken first by every command that could break the rule. The user's rows can't be locked instead: there may be none yet.</summary>
    public Task LockAsync(CancellationToken cancellationToken) =>
        database.LockAsync([$"default-portfolio:{user.Id}"], cancellationToken);

    /// <summary>Adds a portfolio, as the default where it is the first or wants to be.</summary>
    public async Task AddAsync(Portfolio portfolio, bool wantsDefault, CancellationToken cancellationToken)
    {
        var current = await portfolios.FirstOrDefaultAsync(new PortfolioSpecs.DefaultOf(user.Id), cancellationToken);
        if (current is null || wantsDefault)
        {
            await TakeFromAsync(current, cancellationToken);
            portfolio.BecomeDefault(clock.UtcNow());
        }

        await portfolios.AddAsync(portfolio, cancellationToken);
    }

    public async Task MoveToAsync(Portfolio portfolio, CancellationToken cancellationToken)
    {
        var current = await portfolios.FirstOrDefaultAsync(new PortfolioSpecs.DefaultOf(user.Id), cancellationToken);
        await TakeFromAsync(current, cancellationToken);
        portfolio.BecomeDefault(clock.UtcNow());
        await portfolios.UpdateAsync(portfolio, cancellationToken);
    }

    /// <summary>After the default has been deleted.</summary>
    public async Task InheritAsync(CancellationToken cancellationToken)
    {
        var heir = await portfolios.FirstOrDefaultAsync(new PortfolioSpecs.OldestOf(user.Id), cancellationToken);
        if (heir is not null)
        {
            heir.BecomeDefault(clock.UtcNow());
            await portfolios.UpdateAsync(heir, cancellationToken);
        }
    }

    // Flushed on its own: the unique index would refuse two defaults even for the length of a statement.
    private async Task TakeFromAsync(Portfolio? current, CancellationToken cancellationToken)
    {
        if (current is not null)
        {
            current.YieldDefault(clock.UtcNow());
            await portfolios.UpdateAsync(current, cancellationToken);
        }
    }
}
