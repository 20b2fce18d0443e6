using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain;

/// <summary>From where the price of a trade is.</summary>
internal enum PriceBasis
{
    /// <summary>Said by whoever recorded it: price, total value or both.</summary>
    Given,

    /// <summary>Worked out when it was recorded: what income was worth on the market, or what the other leg of a swap was.</summary>
    Derived,

    /// <summary>Nobody said, and no rate tells.</summary>
    Unknown,
}

/// <summary>What a trade is worth in its currency, the fee left out.</summary>
/// <param name="Price">Of one unit; 0, and no price, where the basis is unknown.</param>
internal sealed record Worth(decimal Price, decimal Total, PriceBasis Basis)
{
    public static readonly Worth Unknown = new(0, 0, PriceBasis.Unknown);

    /// <summary>Of price and total value one may be missing: it is derived, half-even at the 18th decimal. Without both the worth is unknown.</summary>
    public static Result<Worth> Of(
        decimal quantity,
        decimal? price,
        decimal? total,
        PriceBasis basis = PriceBasis.Given
    ) =>
        (price, total) switch
        {
            ({ } given, null) => Exact.Multiply(quantity, given) is { } product
                ? new Worth(given, product, basis)
                : Error.Invalid("price", "times the quantity does not fit 28 significant digits"),
            (null, { } given) => Exact.Divide(given, quantity) is { } quotient
                ? new Worth(quotient, given, basis)
                : Error.Invalid("totalValue", "by the quantity does not fit 28 significant digits"),
            ({ } one, { } other) => Exact.IsProduct(other, quantity, one)
                ? new Worth(one, other, basis)
                : Error.Invalid("totalValue", "is not quantity × price; give one of totalValue and price"),
            _ => Unknown,
        };
}
