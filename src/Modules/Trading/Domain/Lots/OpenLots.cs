using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>What is held of a coin in a portfolio, in the order in which a method takes it.</summary>
internal abstract class OpenLots
{
    public static OpenLots For(CostBasisMethod method) =>
        method switch
        {
            CostBasisMethod.Fifo => new OrderedLots(OrderedLots.OldestFirst),
            CostBasisMethod.Lifo => new OrderedLots(OrderedLots.NewestFirst),
            CostBasisMethod.Hifo => new OrderedLots(OrderedLots.DearestFirst),
            CostBasisMethod.Average => new PooledLots(),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, "is no cost basis method"),
        };

    public abstract void Add(Lot lot);

    /// <summary>Takes as much as there is, up to a quantity.</summary>
    public abstract void Take(decimal quantity, ICollection<LotPart> taken);

    /// <summary>In the order in which they are taken.</summary>
    public abstract IEnumerable<LotPart> All { get; }
}

/// <summary>
/// Lots one by one. A heap serves every order: transferred lots keep their date and dated deposits bring an old one, so that even the oldest need not
/// have come first. Adding in the order of time costs next to nothing.
/// </summary>
internal sealed class OrderedLots(Comparison<Lot> order) : OpenLots
{
    private readonly PriorityQueue<Lot, Lot> _lots = new(Comparer<Lot>.Create(order));

    /// <summary>What has no date was there before everything else.</summary>
    public static int OldestFirst(Lot a, Lot b)
    {
        var byTime = Nullable.Compare(a.AcquiredAt, b.AcquiredAt);
        return byTime != 0 ? byTime : Nullable.Compare(a.TradeId, b.TradeId);
    }

    public static int NewestFirst(Lot a, Lot b) => OldestFirst(b, a);

    /// <summary>By unit cost with the fee; the oldest among equals, an unknown cost last.</summary>
    public static int DearestFirst(Lot a, Lot b)
    {
        var byCost = Nullable.Compare(b.UnitCost, a.UnitCost);
        return byCost != 0 ? byCost : OldestFirst(a, b);
    }

    public override void Add(Lot lot) => _lots.Enqueue(lot, lot);

    public override void Take(decimal quantity, ICollection<LotPart> taken)
    {
        while (quantity > 0 && _lots.TryPeek(out var lot, out _))
        {
            var part = Math.Min(quantity, lot.Quantity);
            taken.Add(lot.Take(part));
            quantity -= part;
            if (lot.Quantity == 0)
            {
                _lots.Dequeue();
            }
        }
    }

    public override IEnumerable<LotPart> All =>
        _lots.UnorderedItems.Select(item => item.Element).Order(_lots.Comparer).Select(lot => lot.Rest);
}

/// <summary>
/// One moving pool, whose parts are all alike and so have neither date nor term. What came in at an unknown cost stays out of the average and is
/// taken evenly with the rest.
/// </summary>
internal sealed class PooledLots : OpenLots
{
    private LotPart _known = new(null, null, 0, 0);
    private LotPart _unknown = new(null, null, 0, null);

    public override void Add(Lot lot)
    {
        if (lot.Rest.Cost is { } cost && Exact.Sum(_known.Cost!.Value, cost) is { } sum)
        {
            _known = _known with { Quantity = _known.Quantity + lot.Quantity, Cost = sum };
        }
        else
        {
            _unknown = _unknown with { Quantity = _unknown.Quantity + lot.Quantity };
        }
    }

    public override void Take(decimal quantity, ICollection<LotPart> taken)
    {
        quantity = Math.Min(quantity, _known.Quantity + _unknown.Quantity);
        var known =
            _unknown.Quantity == 0
                ? quantity
                : Math.Clamp(
                    Exact.Share(_known.Quantity, quantity, _known.Quantity + _unknown.Quantity),
                    quantity - Math.Min(quantity, _unknown.Quantity),
                    Math.Min(quantity, _known.Quantity)
                );
        TakeFrom(ref _known, known, taken);
        TakeFrom(ref _unknown, quantity - known, taken);
    }

    public override IEnumerable<LotPart> All => new[] { _known, _unknown }.Where(part => part.Quantity > 0);

    private static void TakeFrom(ref LotPart pool, decimal quantity, ICollection<LotPart> taken)
    {
        if (quantity == 0)
        {
            return;
        }

        var rest = new Apportionment(pool.Quantity, pool.Cost);
        taken.Add(pool with { Quantity = quantity, Cost = rest.Take(quantity) });
        pool = pool with { Quantity = rest.Quantity, Cost = rest.Amount };
    }
}
