namespace CryptoBeacon.Trading.Domain.Lots;

internal enum GapKind
{
    /// <summary>Of what was disposed of.</summary>
    Acquisition,

    /// <summary>Of something acquired: nobody said, or no rate is known.</summary>
    Cost,

    /// <summary>No rate of what was received.</summary>
    Proceeds,

    /// <summary>No rate of a fee, which is left out.</summary>
    Fee,

    /// <summary>No rate of what is held.</summary>
    Price,
}

/// <summary>What an answer misses.</summary>
/// <param name="TradeId">The trade that lacks it; null: an opening balance, or a price.</param>
internal sealed record Gap(Guid? TradeId, string CoinId, decimal Quantity, GapKind What);

/// <summary>What an answer misses, each once.</summary>
internal sealed class Gaps
{
    /// <summary>More are not told: a ledger with so many lacks a whole history.</summary>
    public const int Max = 1000;

    private readonly Dictionary<(Guid?, string, GapKind), decimal> _gaps = [];

    public bool IsComplete => _gaps.Count == 0;

    public IReadOnlyList<Gap> All =>
        [.. _gaps.Select(gap => new Gap(gap.Key.Item1, gap.Key.Item2, gap.Value, gap.Key.Item3))];

    public void Add(Gap gap)
    {
        var key = (gap.TradeId, gap.CoinId, gap.What);
        if (_gaps.TryGetValue(key, out var quantity))
        {
            _gaps[key] = quantity + gap.Quantity;
        }
        else if (_gaps.Count < Max)
        {
            _gaps.Add(key, gap.Quantity);
        }
    }

    /// <summary>Takes in what another way of working it out misses: of each the larger quantity, since one does without the other.</summary>
    public void Cover(Gaps other)
    {
        foreach (var (key, quantity) in other._gaps)
        {
            if (_gaps.TryGetValue(key, out var known) || _gaps.Count < Max)
            {
                _gaps[key] = Math.Max(known, quantity);
            }
        }
    }

    /// <summary>What is missing of a disposal, and so of its gain.</summary>
    public void AddOf(LotMove disposal)
    {
        var (entry, part) = (disposal.Entry, disposal.Part);
        if (part.IsMissing)
        {
            Add(new Gap(entry.TradeId, entry.CoinId, part.Quantity, GapKind.Acquisition));
        }

        if (part.Cost is null)
        {
            Add(new Gap(part.TradeId, entry.CoinId, part.Quantity, GapKind.Cost));
        }

        if (disposal.Proceeds is null)
        {
            Add(new Gap(entry.TradeId, entry.CoinId, part.Quantity, GapKind.Proceeds));
        }
    }
}
