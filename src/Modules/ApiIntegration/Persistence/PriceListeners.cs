using System.Text;
using System.Text.Json;
using CryptoBeacon.ApiIntegration.Features;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <param name="Sequence">The batch that changed it last.</param>
internal sealed record PriceChange(long Sequence, PriceDto Price)
{
    /// <summary>Written once, however many listen.</summary>
    public ReadOnlyMemory<byte> Event { get; } =
        Encoding.UTF8.GetBytes($"event: price\ndata: {JsonSerializer.Serialize(Price, BeaconJson.Options)}\n");
}

/// <summary>Who listens to which coins' prices on this server, and what each has not heard yet.</summary>
internal sealed class PriceListeners
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<PriceListener>> _byCoin = new(StringComparer.Ordinal);

    /// <summary>The coins that somebody listens to.</summary>
    public string[] Coins
    {
        get
        {
            lock (_gate)
            {
                return [.. _byCoin.Keys];
            }
        }
    }

    /// <summary>Until disposed.</summary>
    /// <param name="currency">Null: every currency.</param>
    public PriceListener Add(IEnumerable<string> coins, string? currency)
    {
        var listener = new PriceListener(this, [.. coins.Distinct()], currency);
        lock (_gate)
        {
            foreach (var coin in listener.Coins)
            {
                if (!_byCoin.TryGetValue(coin, out var others))
                {
                    _byCoin[coin] = others = [];
                }

                others.Add(listener);
            }
        }

        return listener;
    }

    public void Publish(IEnumerable<PriceChange> changes)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                foreach (var listener in _byCoin.GetValueOrDefault(change.Price.CoinId) ?? [])
                {
                    listener.Offer(change);
                }
            }
        }
    }

    public void Remove(PriceListener listener)
    {
        lock (_gate)
        {
            foreach (var coin in listener.Coins)
            {
                if (_byCoin.TryGetValue(coin, out var others) && others.Remove(listener) && others.Count == 0)
                {
                    _byCoin.Remove(coin);
                }
            }
        }
    }
}
