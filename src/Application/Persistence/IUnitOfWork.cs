namespace CryptoBeacon.Application.Persistence;

/// <summary>The one transaction of a command, on the scope's one connection, with <c>app.user_id</c> set.</summary>
public interface IUnitOfWork
{
    bool IsActive { get; }

    Task BeginAsync(CancellationToken cancellationToken);

    Task CommitAsync(CancellationToken cancellationToken);

    Task RollbackAsync();

    /// <summary>Takes the events that the tracked entities have raised since the last call.</summary>
    IReadOnlyList<Domain.IDomainEvent> TakeEvents();
}

/// <summary>An entity was changed by somebody else between its reading and its writing.</summary>
public sealed class ConcurrentChangeException(Exception inner)
    : Exception("The row has changed since it was read.", inner);
