namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>What is held of one asset. Several fills become one position at their average price.</summary>
internal sealed class Position
{
    /// <summary>Negative when sold short, 0 when nothing is held.</summary>
    public double Quantity { get; private set; }

    public double EntryPrice { get; private set; }

    /// <summary>The index of the asset's bar of the first fill.</summary>
    public int EntryBar { get; private set; }

    public double EntryFees { get; private set; }

    public bool IsOpen => Quantity != 0;

    /// <summary>1 long, −1 short, 0 nothing.</summary>
    public int Direction => Math.Sign(Quantity);

    /// <summary>How far a price lies on the good side of the entry, as a ratio of it.</summary>
    public double ProfitAt(double price) => Direction * ((price / EntryPrice) - 1);

    public int BarsHeldAt(int bar) => IsOpen ? bar - EntryBar + 1 : 0;

    /// <param name="quantity">Of the sign of what is held.</param>
    public void Add(double quantity, double price, double fee, int bar)
    {
        if (!IsOpen)
        {
            (EntryPrice, EntryBar, EntryFees) = (0, bar, 0);
        }

        var total = Quantity + quantity;
        EntryPrice = ((EntryPrice * Quantity) + (price * quantity)) / total;
        EntryFees += fee;
        Quantity = total;
    }

    /// <param name="quantity">More than 0, at most what is held.</param>
    /// <returns>The part of the entry's fees that goes with it.</returns>
    public double Take(double quantity)
    {
        var held = Math.Abs(Quantity);
        var fees = quantity >= held ? EntryFees : EntryFees * quantity / held;
        EntryFees -= fees;
        Quantity = quantity >= held ? 0 : Quantity - (Direction * quantity);
        return fees;
    }

    public void Clear() => (Quantity, EntryPrice, EntryBar, EntryFees) = (0, 0, 0, 0);
}
