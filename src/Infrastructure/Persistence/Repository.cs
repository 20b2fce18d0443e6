using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain;
using Microsoft.EntityFrameworkCore;

namespace CryptoBeacon.Infrastructure.Persistence;

internal sealed class Repository<T>(DbSession session) : IRepository<T>
    where T : Entity
{
    public Task<T?> FirstOrDefaultAsync(Specification<T> specification, CancellationToken cancellationToken) =>
        Apply(specification).FirstOrDefaultAsync(cancellationToken);

    public Task<List<T>> ListAsync(Specification<T> specification, CancellationToken cancellationToken) =>
        Apply(specification).ToListAsync(cancellationToken);

    public Task<int> CountAsync(Specification<T> specification, CancellationToken cancellationToken) =>
        Apply(specification).CountAsync(cancellationToken);

    public Task<bool> AnyAsync(Specification<T> specification, CancellationToken cancellationToken) =>
        Apply(specification).AnyAsync(cancellationToken);

    public Task AddAsync(T entity, CancellationToken cancellationToken)
    {
        session.Context.Add(entity);
        return FlushAsync(cancellationToken);
    }

    public Task AddRangeAsync(IEnumerable<T> entities, CancellationToken cancellationToken)
    {
        session.Context.AddRange(entities);
        return FlushAsync(cancellationToken);
    }

    public Task UpdateAsync(T entity, CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    public Task DeleteAsync(T entity, CancellationToken cancellationToken)
    {
        session.Context.Remove(entity);
        return FlushAsync(cancellationToken);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        // Without its transaction a change would run without a user and outside the command: fail here rather than half-way.
        _ = session.Transaction;
        try
        {
            await session.Context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException exception)
        {
            throw new ConcurrentChangeException(exception);
        }
    }

    private IQueryable<T> Apply(Specification<T> specification)
    {
        _ = session.Transaction;
        var query = specification.WhereExpressions.Aggregate(
            session.Context.Set<T>().AsQueryable(),
            (rows, where) => rows.Where(where)
        );

        IOrderedQueryable<T>? ordered = null;
        foreach (var (key, descending) in specification.OrderExpressions)
        {
            ordered = (ordered, descending) switch
            {
                (null, false) => query.OrderBy(key),
                (null, true) => query.OrderByDescending(key),
                (_, false) => ordered.ThenBy(key),
                (_, true) => ordered.ThenByDescending(key),
            };
        }

        query = ordered ?? query;
        query = specification.IsForUpdate ? query.TagWith(RowLocks.Tag) : query;
        return specification.Take is { } count ? query.Take(count) : query;
    }
}
