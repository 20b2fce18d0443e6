namespace CryptoBeacon.Domain;

/// <summary>Something with an identity of its own, a version, and news to tell once it is stored.</summary>
public abstract class Entity
{
    private readonly List<IDomainEvent> _events = [];

    public Guid Id { get; protected init; } = Uuid.New();

    /// <summary>The row's <c>xmin</c>: the concurrency token behind the resource's ETag.</summary>
    public uint Version { get; private set; }

    public IReadOnlyCollection<IDomainEvent> Events => _events;

    public void ClearEvents() => _events.Clear();

    protected void Raise(IDomainEvent happened) => _events.Add(happened);
}

/// <summary>A fact that other parts of the process handle inside the transaction that made it true.</summary>
public interface IDomainEvent;
