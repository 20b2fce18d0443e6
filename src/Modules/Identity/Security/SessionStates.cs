using System.Collections.Concurrent;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;

namespace CryptoBeacon.Identity.Security;

/// <summary>Whether a session still stands, and what its user may do by now.</summary>
internal sealed record SessionState
{
    public bool IsValid { get; init; }

    public Guid UserId { get; init; }

    public UserRole Role { get; init; }
}

/// <summary>
/// What the database says of sessions, believed for half a minute or as configured, so that most requests need not ask. What ends in this process
/// is forgotten at once; other instances follow within that time.
/// </summary>
internal sealed class SessionStates(BeaconOptions options, TimeProvider clock)
{
    private readonly TimeSpan _freshness = TimeSpan.FromSeconds(options.Jwt.SessionFreshnessSeconds);

    private readonly ConcurrentDictionary<Guid, (SessionState? State, DateTimeOffset ReadAt)> _known = new();
    private long _forgettings;
    private DateTimeOffset _lastSweep = clock.GetUtcNow();

    public async ValueTask<SessionState?> FindAsync(
        Guid sessionId,
        Accounts accounts,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(sessionId, out var known) && now < known.ReadAt + _freshness)
        {
            return known.State;
        }

        var forgettings = Interlocked.Read(ref _forgettings);
        var state = await accounts.SessionStateAsync(sessionId, cancellationToken);
        _known[sessionId] = (state, now);
        if (forgettings != Interlocked.Read(ref _forgettings))
        {
            // Something ended while this was read: perhaps this, and perhaps after it was read.
            _known.TryRemove(sessionId, out _);
        }

        Sweep(now);
        return state;
    }

    public void Forget(Guid sessionId)
    {
        Interlocked.Increment(ref _forgettings);
        _known.TryRemove(sessionId, out _);
    }

    public void ForgetUser(Guid userId)
    {
        Interlocked.Increment(ref _forgettings);
        foreach (var (sessionId, known) in _known)
        {
            if (known.State?.UserId == userId)
            {
                _known.TryRemove(sessionId, out _);
            }
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        if (now < _lastSweep + _freshness)
        {
            return;
        }

        _lastSweep = now;
        foreach (var stale in _known.Where(entry => now >= entry.Value.ReadAt + _freshness))
        {
            _known.TryRemove(stale);
        }
    }
}
