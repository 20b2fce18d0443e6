namespace CryptoBeacon.Trading.Domain;

/// <summary>
/// A sale and a purchase at the same value, tied by a link id. A leg without a worth of its own gets the other's; where neither has one it is
/// the sold coin's value then, else the bought one's.
/// </summary>
internal static class Swap
{
    /// <param name="one">The leg that is asked about, whose worth is unknown.</param>
    /// <param name="other">The other leg.</param>
    /// <param name="rateOf">What one unit of the coin of such terms cost in their currency then.</param>
    public static TradeTerms Appraise(TradeTerms one, TradeTerms other, Func<TradeTerms, decimal?> rateOf)
    {
        if (other.Worth.Basis != PriceBasis.Unknown)
        {
            return AtTotal(one, other.Currency, other.Worth.Total);
        }

        var (sold, bought) = one.Type == TradeType.Sell ? (one, other) : (other, one);
        var total = Total(sold) ?? Total(bought);
        return total is { } known ? AtTotal(one, known.Currency, known.Amount) : one;

        (string Currency, decimal Amount)? Total(TradeTerms leg) =>
            rateOf(leg) is { } rate && Worth.Of(leg.Quantity, rate, total: null) is { IsSuccess: true } worth
                ? (leg.Currency, worth.Value.Total)
                : null;
    }

    /// <summary>A leg that is worth what the other is, once that has changed.</summary>
    public static TradeTerms Follow(TradeTerms follower, TradeTerms other) =>
        AtTotal(follower, other.Currency, other.Worth.Total);

    public static bool IsLeg(TradeTerms terms) => terms is { LinkId: not null, Type: TradeType.Buy or TradeType.Sell };

    // A leg that says no price says nothing in its currency either.
    private static TradeTerms AtTotal(TradeTerms leg, string currency, decimal total) =>
        Worth.Of(leg.Quantity, price: null, total, PriceBasis.Derived) is { IsSuccess: true } worth
            ? leg with
            {
                Currency = currency,
                Worth = worth.Value,
            }
            : leg;
}
