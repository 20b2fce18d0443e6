using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain;

/// <summary>A trade with everything worked out that its input may leave open. It is the one way to the values of a <see cref="Trade"/>.</summary>
internal sealed record TradeTerms
{
    public required Guid PortfolioId { get; init; }

    public required string CoinId { get; init; }

    public required TradeType Type { get; init; }

    public required decimal Quantity { get; init; }

    public required Worth Worth { get; init; }

    public required string Currency { get; init; }

    public required decimal Fee { get; init; }

    public required string FeeCurrency { get; init; }

    public required bool FeeInCoin { get; init; }

    /// <summary>What the fee was taken in, where that is neither the traded coin nor the trade's currency.</summary>
    public required string? FeeCoinId { get; init; }

    public required bool DeductFees { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required DateTimeOffset? AcquiredAt { get; init; }

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
        var feeCoin =
            feeCurrency == currency ? null
            : CryptoBeacon.Domain.Values.CoinId.IsValid(feeCurrency) ? feeCurrency
            : feeCoins.GetValueOrDefault(feeCurrency);
        var feeInCoin = feeCoin == input.CoinId;
        var fee = input.Fee ?? 0;
        var (type, quantity) = (input.Type!.Value, input.Quantity!.Value);

        var worth = Worth.Of(quantity, input.Price, input.TotalValue);
        if (!worth.IsSuccess)
        {
            return worth.Error;
        }

        // A fee in the coin makes a buy bring less and a sell take more.
        if (feeInCoin && Exact.Add(quantity, type.IsIncoming() ? -fee : fee) is not >= 0)
        {
            return Error.Invalid("fee", "is in the traded coin and does not fit the quantity");
        }

        if (input.DeductFees == true && feeCurrency != currency && feeCoin is null)
        {
            return Error.Invalid("feeCurrency", "stands for no known coin that could be deducted; give the coin's id");
        }

        return new TradeTerms
        {
            PortfolioId = input.PortfolioId!.Value,
            CoinId = input.CoinId!,
            Type = type,
            Quantity = quantity,
            Worth = worth.Value,
            Currency = currency,
            Fee = fee,
            FeeCurrency = feeCurrency,
            FeeInCoin = feeInCoin,
            FeeCoinId = feeInCoin ? null : feeCoin,
            DeductFees = input.DeductFees ?? false,
            Timestamp = input.Timestamp ?? now,
            AcquiredAt = input.AcquiredAt,
            Exchange = input.Exchange,
            ExternalId = input.ExternalId,
            LinkId = input.LinkId,
            Notes = string.IsNullOrEmpty(input.Notes) ? null : input.Notes,
            Tags = [.. (input.Tags ?? []).Distinct()],
        };
    }
}
