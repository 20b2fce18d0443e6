using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain;

/// <summary>A trade with everything worked out that its input may leave open. It is the one way to the values of a <see cref="Trade"/>.</summary>
internal sealed record TradeTerms
{
    public required Guid PortfolioId { get; init; }

    public required string CoinId { get; init; }

    public required TradeType Type { get; init; }

    public required decimal Quantity { get; init; }

    public required decimal Price { get; init; }

    public required decimal TotalValue { get; init; }

    public required string Currency { get; init; }

    public required decimal Fee { get; init; }

    public required string FeeCurrency { get; init; }

    public required bool FeeInCoin { get; init; }

    public required bool DeductFees { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required string? Exchange { get; init; }

    public required string? ExternalId { get; init; }

    public required string? LinkId { get; init; }

    public required string? Notes { get; init; }

    public required string[] Tags { get; init; }

    /// <param name="input">Validated.</param>
    /// <param name="currency">The portfolio's.</param>
    /// <param name="feeCoins">The coins that fee currencies stand for, by symbol.</param>
    /// <param name="now">The time of a trade that gives none.</param>
    public static Result<TradeTerms> Settle(
        TradeInput input,
        string currency,
        IReadOnlyDictionary<string, string> feeCoins,
        DateTimeOffset now
    )
    {
        currency = input.Currency ?? currency;
        var feeCurrency = input.FeeCurrency ?? currency;
        var feeInCoin =
            feeCurrency != currency && (feeCoins.GetValueOrDefault(feeCurrency) ?? feeCurrency) == input.CoinId;
        var fee = input.Fee ?? 0;
        var (type, quantity) = (input.Type!.Value, input.Quantity!.Value);

        var worth = Worth(quantity, input.Price, input.TotalValue);
        if (!worth.IsSuccess)
        {
            return worth.Error;
        }

        // A fee in the coin makes a buy bring less and a sell take more.
        if (feeInCoin && Exact.Add(quantity, type.IsIncoming() ? -fee : fee) is not >= 0)
        {
            return Error.Invalid("fee", "is in the traded coin and does not fit the quantity");
        }

        if (input.DeductFees == true && feeCurrency != currency && !feeInCoin)
        {
            return Error.Invalid(
                "deductFees",
                "can't be true yet for a fee in a third coin: record the fee as a sale of that coin"
            );
        }

        return new TradeTerms
        {
            PortfolioId = input.PortfolioId!.Value,
            CoinId = input.CoinId!,
            Type = type,
            Quantity = quantity,
            Price = worth.Value.Price,
            TotalValue = worth.Value.Total,
            Currency = currency,
            Fee = fee,
            FeeCurrency = feeCurrency,
            FeeInCoin = feeInCoin,
            DeductFees = input.DeductFees ?? false,
            Timestamp = input.Timestamp ?? now,
            Exchange = input.Exchange,
            ExternalId = input.ExternalId,
            LinkId = input.LinkId,
            Notes = string.IsNullOrEmpty(input.Notes) ? null : input.Notes,
            Tags = [.. input.Tags ?? []],
        };
    }

    /// <summary>Price and total value, of which one may be missing: it is derived, half-even at the 18th decimal.</summary>
    private static Result<(decimal Price, decimal Total)> Worth(decimal quantity, decimal? price, decimal? total) =>
        (price, total) switch
        {
            ({ } given, null) => Exact.Multiply(quantity, given) is { } product
                ? (given, product)
                : Error.Invalid("price", "times the quantity does not fit 28 significant digits"),
            (null, { } given) => Exact.Divide(given, quantity) is { } quotient
                ? (quotient, given)
                : Error.Invalid("totalValue", "by the quantity does not fit 28 significant digits"),
            ({ } one, { } other) => Exact.IsProduct(other, quantity, one)
                ? (one, other)
                : Error.Invalid("totalValue", "is not quantity × price; give one of totalValue and price"),
            _ => Error.Invalid("price", "is required, or totalValue is"),
        };
}
