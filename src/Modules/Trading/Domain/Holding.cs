using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain;

/// <summary>
/// A position after some movements: a moving average over a balance. Each step rounds by itself, so that going on from a stored holding and
/// replaying from the first trade give the same to the last digit.
/// </summary>
/// <param name="Balance">Below 0 it is a recorded shortfall, which the next acquisitions fill.</param>
/// <param name="Averaged">The part of the quantity whose price is known: what the average is of.</param>
/// <param name="Average">Null while nothing is held, or nothing of which the price is known.</param>
internal sealed record Holding(decimal Balance, decimal Averaged, decimal? Average)
{
    public static readonly Holding Nothing = new(0, 0, null);

    public static Holding OfKnownCost(decimal balance, decimal average) =>
        balance <= 0 ? Nothing with { Balance = balance } : new Holding(balance, balance, average);

    public decimal Quantity => Math.Max(Balance, 0);

    public decimal Shortfall => Math.Max(-Balance, 0);

    public bool IsCostComplete => Averaged == Quantity;

    /// <summary>Null when the balance would not fit 28 digits.</summary>
    public Holding? After(Movement movement)
    {
        if (Exact.Add(Balance, movement.Change) is not { } balance)
        {
            return null;
        }

        return balance <= 0 ? Nothing with { Balance = balance }
            : movement.IsIncoming ? WithMore(balance, movement.UnitPrice)
            : WithLess(balance);
    }

    private Holding WithMore(decimal balance, decimal? price)
    {
        // What fills a shortfall is gone at once.
        var received = balance - Quantity;
        return price is not { } known || received == 0 ? this with { Balance = balance }
            : Average is not { } average ? new Holding(balance, received, known)
            : new Holding(balance, Averaged + received, Exact.WeightedMean(Averaged, average, received, known));
    }

    /// <summary>What goes is taken evenly from what has a known price and what has not.</summary>
    private Holding WithLess(decimal balance)
    {
        var averaged = IsCostComplete ? balance : Exact.Estimate(Averaged, balance, Quantity) ?? 0;
        return new Holding(balance, averaged, averaged > 0 ? Average : null);
    }
}
