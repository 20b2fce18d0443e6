using System.Globalization;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain.Lots;

internal enum TradeGrouping
{
    Coin,
    Exchange,
    Month,
    Tag,
}

/// <summary>What trades of one kind have come to.</summary>
internal sealed class TradeGroup
{
    private Total _gain = new();
    private Total _sampledGain = new();
    private Total _fees = new();
    private int _wins;

    public int Count { get; private set; }

    /// <summary>Sales of which the gain is known: what the rate of wins and the average are of.</summary>
    public int SampleSize { get; private set; }

    public decimal? RealizedGain => _gain.Value;

    public decimal? Fees => _fees.Value;

    public decimal? WinRate => Per(_wins);

    public decimal? Average => Per(_sampledGain.Value);

    public void AddTrade(decimal fee)
    {
        Count++;
        _fees.Add(fee);
    }

    public void AddFee(decimal fee) => _fees.Add(fee);

    public void AddGain(decimal gain) => _gain.Add(gain);

    public void AddSample(decimal gain)
    {
        SampleSize++;
        _sampledGain.Add(gain);
        _wins += gain > 0 ? 1 : 0;
    }

    private decimal? Per(decimal? sum) =>
        sum is { } known && SampleSize > 0 ? Exact.Estimate(known, 1, SampleSize) : null;
}

/// <summary>Sums a played ledger up by what its trades have in common. A trade with several tags is in the group of each.</summary>
/// <param name="includes">Whether an entry of the ledger is asked about.</param>
internal sealed class TradeGroups(TradeGrouping grouping, Func<LotEntry, bool> includes)
{
    private readonly Dictionary<string, TradeGroup> _groups = [];
    private readonly TradeGroup _ungrouped = new();
    private readonly Dictionary<LotEntry, OpenSale> _openSales = new(ReferenceEqualityComparer.Instance);

    public Gaps Gaps { get; } = new();

    /// <summary>By name; last, without one, those that have no exchange or no tag.</summary>
    public IEnumerable<(string? Key, TradeGroup Group)> All =>
        _groups
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => ((string?)group.Key, group.Value))
            .Concat(_ungrouped.Count > 0 ? [(null, _ungrouped)] : []);

    public void Add(LotEntry? entry, IReadOnlyList<LotMove> moves)
    {
        if (entry is { IsFee: false, TradeId: not null } && includes(entry))
        {
            foreach (var group in GroupsOf(entry))
            {
                group.AddTrade(entry.Fee);
            }

            if (entry.UnknownFee is { } unknown)
            {
                Gaps.Add(unknown);
            }
        }

        foreach (var move in moves)
        {
            if (move.Kind == LotMoveKind.Disposed && includes(move.Entry))
            {
                Add(move);
            }
        }
    }

    private void Add(LotMove disposal)
    {
        Gaps.AddOf(disposal);
        foreach (var group in GroupsOf(disposal.Entry))
        {
            if (disposal.Gain is { } gain)
            {
                group.AddGain(gain);
            }

            if (disposal.Entry.Type == TradeType.Withdrawal)
            {
                group.AddFee(disposal.Proceeds ?? 0);
            }
        }

        if (disposal.Entry is { Type: TradeType.Sell, IsFee: false } sale)
        {
            Sample(sale, disposal);
        }
    }

    /// <summary>A sale is won or lost as a whole: it waits for the last of its parts.</summary>
    private void Sample(LotEntry sale, LotMove disposal)
    {
        var sold = _openSales.GetValueOrDefault(sale, new OpenSale(0, 0)).With(disposal);
        if (sold.Quantity < sale.Quantity)
        {
            _openSales[sale] = sold;
            return;
        }

        _openSales.Remove(sale);
        if (sold.Gain is { } gain)
        {
            foreach (var group in GroupsOf(sale))
            {
                group.AddSample(gain);
            }
        }
    }

    private IEnumerable<TradeGroup> GroupsOf(LotEntry entry) =>
        grouping switch
        {
            TradeGrouping.Coin => [Named(entry.CoinId)],
            TradeGrouping.Exchange => [entry.Exchange is { } exchange ? Named(exchange) : _ungrouped],
            TradeGrouping.Month => [Named(entry.At.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture))],
            _ => entry.Tags.Count > 0 ? entry.Tags.Distinct().Select(Named) : [_ungrouped],
        };

    private TradeGroup Named(string key)
    {
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups.Add(key, group = new TradeGroup());
        }

        return group;
    }

    private readonly record struct OpenSale(decimal Quantity, decimal? Gain)
    {
        public OpenSale With(LotMove part) =>
            new(Quantity + part.Part.Quantity, Gain is { } sum && part.Gain is { } gain ? Exact.Sum(sum, gain) : null);
    }
}
