using CryptoBeacon.Domain;

namespace CryptoBeacon.Application.Persistence;

/// <summary>
/// The aggregates of one kind that the current user may see. Every change is flushed at once, so that constraints speak where the change
/// is made; it is committed with the command that made it.
/// </summary>
public interface IRepository<T>
    where T : Entity
{
    Task<T?> FirstOrDefaultAsync(Specification<T> specification, CancellationToken cancellationToken);

    Task<List<T>> ListAsync(Specification<T> specification, CancellationToken cancellationToken);

    Task<int> CountAsync(Specification<T> specification, CancellationToken cancellationToken);

    Task<bool> AnyAsync(Specification<T> specification, CancellationToken cancellationToken);

    Task AddAsync(T entity, CancellationToken cancellationToken);

    Task AddRangeAsync(IEnumerable<T> entities, CancellationToken cancellationToken);

    /// <summary>Flushes what was changed on tracked entities.</summary>
    Task UpdateAsync(T entity, CancellationToken cancellationToken);

    Task DeleteAsync(T entity, CancellationToken cancellationToken);
}
