namespace CryptoBeacon.Application.Persistence;

/// <summary>A channel of PostgreSQL's NOTIFY that this process listens to. Modules register theirs.</summary>
public sealed record NotifyChannel(string Name);

/// <summary>What transactions of any server announce when they commit, heard on one connection a process, however many wait for it.</summary>
public interface INotifications
{
    /// <summary>To one channel and payload, until disposed. A notification only says that there is something to read.</summary>
    INotificationSubscription Subscribe(NotifyChannel channel, string payload);
}

public interface INotificationSubscription : IDisposable
{
    /// <summary>
    /// Waits for a notification; those since the last wait count, many as one. Also true when some may have been missed, which is when the
    /// connection was lost and is there again. False: none came in time.
    /// </summary>
    Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken);
}
