namespace CryptoBeacon.Trading.Domain;

/// <summary>
/// Which trades a link id ties: the sale and the purchase of a swap, or the withdrawal and the deposit of a transfer between one's own
/// portfolios. The other leg is looked for in the same portfolio first, so that a copy of a portfolio does not tear the links of the original.
/// </summary>
/// <param name="legs">All trades that may be tied to each other.</param>
internal sealed class Links(IEnumerable<TradeTerms> legs)
{
    private readonly ILookup<string?, TradeTerms> _legs = legs.Where(leg => leg.LinkId is not null)
        .ToLookup(leg => leg.LinkId);

    /// <summary>The leg that one is tied to; null where there is none yet, or no single one.</summary>
    public TradeTerms? OtherLegOf(TradeTerms one) => Others(one) is [var other] ? other : null;

    /// <summary>Why a trade can't have its link; null where it can.</summary>
    public Error? ObjectionTo(TradeTerms one)
    {
        var others = Others(one);
        if (others.Count > 1)
        {
            return Error.Invalid("linkId", "ties two trades already");
        }

        return others is [var other] ? ObjectionTo(one, other) : null;
    }

    private static Error? ObjectionTo(TradeTerms one, TradeTerms other)
    {
        var (outgoing, incoming) = one.Type.IsIncoming() ? (other, one) : (one, other);
        return (outgoing.Type, incoming.Type, outgoing.CoinId == incoming.CoinId) switch
        {
            (TradeType.Sell, TradeType.Buy, false) => null,
            (TradeType.Withdrawal, TradeType.Deposit, true) => incoming.Quantity > outgoing.Quantity
                ? Error.Invalid("quantity", "of the deposit must not be more than its other leg withdraws")
            : incoming.Timestamp < outgoing.Timestamp
                ? Error.Invalid("timestamp", "of the deposit must not be before its other leg's")
            : null,
            _ => Error.Invalid(
                "linkId",
                "ties a sale and a purchase of another coin, or a withdrawal and a deposit of the same coin"
            ),
        };
    }

    private IReadOnlyList<TradeTerms> Others(TradeTerms one)
    {
        var others = _legs[one.LinkId]
            .Where(leg => !ReferenceEquals(leg, one))
            .ToLookup(leg => leg.PortfolioId == one.PortfolioId);
        return [.. others.Contains(true) ? others[true] : others[false]];
    }
}
