using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Persistence;

/// <summary>Something of which a user has several and prefers one.</summary>
public interface IMayBeDefault
{
    Guid UserId { get; }

    bool IsDefault { get; }

    void BecomeDefault(DateTimeOffset now);

    void YieldDefault(DateTimeOffset now);
}

/// <summary>
/// Keeps one rule: while a user has any <typeparamref name="T"/>, exactly one is the default. The first becomes it, another may take it over, the
/// oldest inherits it.
/// </summary>
public sealed class DefaultOf<T>(IRepository<T> all, IWriteDatabase database, ICurrentUser user, TimeProvider clock)
    where T : Entity, IMayBeDefault
{
    /// <summary>Taken first by every command that could break the rule. The user's rows can't be locked instead: there may be none yet.</summary>
    public Task LockAsync(CancellationToken cancellationToken) =>
        database.LockAsync([$"default:{typeof(T).Name}:{user.Id}"], cancellationToken);

    /// <summary>Adds one, as the default where it is the first or wants to be.</summary>
    public async Task AddAsync(T entity, bool wantsDefault, CancellationToken cancellationToken)
    {
        var current = await all.FirstOrDefaultAsync(new PresentDefault(user.Id), cancellationToken);
        if (current is null || wantsDefault)
        {
            await TakeFromAsync(current, cancellationToken);
            entity.BecomeDefault(clock.UtcNow());
        }

        await all.AddAsync(entity, cancellationToken);
    }

    public async Task MoveToAsync(T entity, CancellationToken cancellationToken)
    {
        await TakeFromAsync(
            await all.FirstOrDefaultAsync(new PresentDefault(user.Id), cancellationToken),
            cancellationToken
        );
        entity.BecomeDefault(clock.UtcNow());
        await all.UpdateAsync(entity, cancellationToken);
    }

    /// <summary>After the default has been deleted.</summary>
    public async Task InheritAsync(CancellationToken cancellationToken)
    {
        var heir = await all.FirstOrDefaultAsync(new Oldest(user.Id), cancellationToken);
        if (heir is not null)
        {
            heir.BecomeDefault(clock.UtcNow());
            await all.UpdateAsync(heir, cancellationToken);
        }
    }

    // Flushed on its own: the unique index refuses two defaults even for the length of a statement.
    private async Task TakeFromAsync(T? current, CancellationToken cancellationToken)
    {
        if (current is not null)
        {
            current.YieldDefault(clock.UtcNow());
            await all.UpdateAsync(current, cancellationToken);
        }
    }

    private sealed class PresentDefault : Specification<T>
    {
        public PresentDefault(Guid userId) => Query.Where(e => e.UserId == userId && e.IsDefault).ForUpdate();
    }

    /// <summary>Ids ascend with the time of creation.</summary>
    private sealed class Oldest : Specification<T>
    {
        public Oldest(Guid userId) => Query.Where(e => e.UserId == userId).OrderBy(e => e.Id).Take(1).ForUpdate();
    }
}
