using System.Buffers;
using System.Collections.Concurrent;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// Computed indicators of the assets, shared by all that ask for the same. It keeps a limited number of series, so that memory grows with the candles and not with the
/// configurations of a sweep; what is asked for again after that is computed again, to the same values.
/// </summary>
/// <remarks>Its arrays come from a pool, since the system takes longer to hand out new ones than formulas to fill them. Whoever disposes of it reads no more of what it gave.</remarks>
internal sealed class IndicatorCache(CancellationToken cancellationToken, int maxSeries = int.MaxValue) : IDisposable
{
    private readonly ConcurrentDictionary<(string CoinId, string Call), Entry> _entries = new();
    private long _clock;
    private int _series;

    public Line Get(CandleSeries candles, IndicatorLine line)
    {
        var entry = _entries.GetOrAdd(
            (candles.CoinId, line.Call.Text),
            _ => new Entry(new Lazy<double[][]>(() => Compute(candles, line.Call)))
        );
        Interlocked.Exchange(ref entry.LastUsed, Interlocked.Increment(ref _clock));
        return new(entry.Lines.Value[line.Index]);
    }

    public void Dispose()
    {
        foreach (var (_, entry) in _entries)
        {
            if (entry.Lines.IsValueCreated)
            {
                Array.ForEach(entry.Lines.Value, line => ArrayPool<double>.Shared.Return(line));
            }
        }

        _entries.Clear();
    }

    private double[][] Compute(CandleSeries candles, IndicatorCall call)
    {
        var lines = call.Over(candles, ArrayPool<double>.Shared, cancellationToken);
        if (Interlocked.Add(ref _series, lines.Length) > maxSeries)
        {
            Forget();
        }

        return lines;
    }

    /// <summary>Lets go of what was used longest ago.</summary>
    private void Forget()
    {
        // The dictionary's own copy: LINQ counts first, and copies what others have added since.
        foreach (var (key, entry) in _entries.ToArray().OrderBy(entry => entry.Value.LastUsed))
        {
            if (_series <= maxSeries)
            {
                return;
            }

            if (entry.Lines.IsValueCreated && _entries.TryRemove(key, out _))
            {
                Interlocked.Add(ref _series, -entry.Lines.Value.Length);
            }
        }
    }

    private sealed class Entry(Lazy<double[][]> lines)
    {
        public long LastUsed;

        public Lazy<double[][]> Lines => lines;
    }
}
