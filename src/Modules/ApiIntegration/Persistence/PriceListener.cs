using System.Text;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>
/// One stream's view of the prices: of each pair the newest change that was not sent yet. So a client that reads slowly gets newer prices, not more of them,
/// and holds as many as it has pairs.
/// </summary>
internal sealed class PriceListener(PriceListeners all, IReadOnlyList<string> coins, string? currency) : IDisposable
{
    private static readonly ReadOnlyMemory<byte> EndOfEvent = "\n"u8.ToArray();

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private Dictionary<(string CoinId, string Currency), PriceChange> _waiting = [];
    private long _heardUpTo;

    public IReadOnlyList<string> Coins => coins;

    /// <summary>What came in up to a batch is known, or of no interest; what is in <paramref name="known"/> is to be sent all the same.</summary>
    public void StartAfter(long sequence, IEnumerable<PriceChange> known)
    {
        lock (_gate)
        {
            _heardUpTo = sequence;
            _waiting = _waiting.Where(entry => entry.Value.Sequence > sequence).ToDictionary();
            foreach (var change in known)
            {
                _waiting.TryAdd((change.Price.CoinId, change.Price.Currency), change);
            }

            if (_waiting.Count > 0)
            {
                Signal();
            }
        }
    }

    public void Offer(PriceChange change)
    {
        lock (_gate)
        {
            if (change.Sequence > _heardUpTo && (currency is null || change.Price.Currency == currency))
            {
                _waiting[(change.Price.CoinId, change.Price.Currency)] = change;
                Signal();
            }
        }
    }

    /// <summary>False: nothing came in time.</summary>
    public Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _signal.WaitAsync(limit, cancellationToken);

    /// <summary>
    /// What is new, as it goes out, the oldest first. The last of a batch carries the batch as its id: whoever comes back with it has heard everything up to there.
    /// </summary>
    public IEnumerable<ReadOnlyMemory<byte>> Take()
    {
        Dictionary<(string CoinId, string Currency), PriceChange> taken;
        lock (_gate)
        {
            taken = _waiting;
            _waiting = [];
        }

        foreach (var batch in taken.Values.GroupBy(change => change.Sequence).OrderBy(batch => batch.Key))
        {
            var left = batch.Count();
            foreach (var change in batch)
            {
                yield return change.Event;
                if (--left == 0)
                {
                    yield return Encoding.UTF8.GetBytes($"id: {batch.Key}\n");
                }

                yield return EndOfEvent;
            }
        }
    }

    public void Dispose()
    {
        all.Remove(this);
        _signal.Dispose();
    }

    /// <summary>Under the gate, so that the count never passes one.</summary>
    private void Signal()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release();
        }
    }
}
