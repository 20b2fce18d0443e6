using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>A quantity acquired at one time at one unit cost, or what is left of it.</summary>
internal sealed class Lot(LotPart acquired)
{
    private Apportionment _rest = new(acquired.Quantity, acquired.Cost);
    private decimal? _unitCost;

    /// <summary>Null: an opening balance, or nothing known.</summary>
    public Guid? TradeId { get; } = acquired.TradeId;

    public DateTimeOffset? AcquiredAt { get; } = acquired.AcquiredAt;

    /// <summary>With its share of the fee; null where the cost is not known.</summary>
    public decimal? UnitCost => _unitCost ??= acquired.UnitCost;

    public decimal Quantity => _rest.Quantity;

    public LotPart Rest => acquired with { Quantity = _rest.Quantity, Cost = _rest.Amount };

    public LotPart Take(decimal quantity) => acquired with { Quantity = quantity, Cost = _rest.Take(quantity) };
}

/// <summary>Some of a lot on its way: acquired, disposed of or transferred.</summary>
/// <param name="AcquiredAt">Null: nobody knows, or part of a pool that has no date.</param>
/// <param name="Cost">Null: acquired at an unknown cost.</param>
/// <param name="IsMissing">No acquisition covers it: the cost is 0 and has yet to be found.</param>
internal readonly record struct LotPart(
    Guid? TradeId,
    DateTimeOffset? AcquiredAt,
    decimal Quantity,
    decimal? Cost,
    bool IsMissing = false
)
{
    public decimal? UnitCost => Cost is { } cost ? Exact.Estimate(cost, 1, Quantity) : null;

    /// <summary>From when on it is long-term: what is sold after the same UTC instant one calendar year after its acquisition.</summary>
    /// <remarks>The year after a 29 February ends on 28 February.</remarks>
    public DateTimeOffset? LongTermFrom => AcquiredAt?.ToUniversalTime().AddYears(1);

    public static LotPart Missing(decimal quantity) => new(null, null, quantity, 0, IsMissing: true);

    public Term? TermAt(DateTimeOffset disposedAt) =>
        LongTermFrom is not { } from ? null
        : disposedAt > from ? Term.Long
        : Term.Short;
}

internal enum Term
{
    Short,
    Long,
}
