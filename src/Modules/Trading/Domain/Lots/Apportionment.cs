using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>
/// An amount that belongs evenly to a quantity and is given out part by part. The parts add up to it: each is rounded by itself, and the last takes
/// what rounding has left.
/// </summary>
internal struct Apportionment(decimal quantity, decimal? amount)
{
    private readonly decimal _quantity = quantity;
    private readonly decimal? _amount = amount;

    /// <summary>What is left of the quantity.</summary>
    public decimal Quantity { get; private set; } = quantity;

    /// <summary>What is left of the amount; null where it was never known.</summary>
    public decimal? Amount { get; private set; } = amount;

    public decimal? Take(decimal quantity)
    {
        var part =
            quantity == Quantity || Amount is not { } left
                ? Amount
                // Many parts may each have been rounded up: no more can be taken than is left.
                : Nearer(Exact.Share(_amount!.Value, quantity, _quantity), left);
        Quantity -= quantity;
        Amount -= part;
        return part;
    }

    private static decimal Nearer(decimal share, decimal left) =>
        left >= 0 ? Math.Min(share, left) : Math.Max(share, left);
}
