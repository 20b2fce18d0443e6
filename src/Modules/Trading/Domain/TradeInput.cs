namespace CryptoBeacon.Trading.Domain;

/// <summary>The writable state of a trade: what is recorded, amended, imported and exported.</summary>
internal sealed record TradeInput
{
    public Guid? PortfolioId { get; init; }

    public string? CoinId { get; init; }

    public TradeType? Type { get; init; }

    public decimal? Quantity { get; init; }

    /// <summary>
    /// Of one unit, in <see cref="Currency"/>, fee left out. Either this or the total value; with both they must agree. A deposit and a
    /// withdrawal may lack both, income is then worth the market's price, and one leg of a swap what the other is.
    /// </summary>
    public decimal? Price { get; init; }

    public decimal? TotalValue { get; init; }

    /// <summary>The portfolio's when not given.</summary>
    public string? Currency { get; init; }

    public decimal? Fee { get; init; }

    /// <summary>A currency or a coin id; <see cref="Currency"/> when not given.</summary>
    public string? FeeCurrency { get; init; }

    /// <summary>Whether a fee in a third coin was taken out of what is held of it.</summary>
    public bool? DeductFees { get; init; }

    /// <summary>Now when not given.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>When what is deposited was acquired; its timestamp when not given.</summary>
    public DateTimeOffset? AcquiredAt { get; init; }

    public string? Exchange { get; init; }

    public string? ExternalId { get; init; }

    /// <summary>The same on the two legs of a swap, or of a transfer.</summary>
    public string? LinkId { get; init; }

    public string? Notes { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }
}

internal sealed class TradeInputValidator : AbstractValidator<TradeInput>
{
    /// <summary>Long before the first coin, and within what every date library can shift by an offset.</summary>
    public static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;

    public TradeInputValidator(TimeProvider clock)
    {
        RuleFor(t => t.PortfolioId).NotNull().WithMessage("is required");
        RuleFor(t => t.CoinId).Required().CoinId();
        RuleFor(t => t.Type).NotNull().WithMessage("is required");
        RuleFor(t => t.Quantity).NotNull().WithMessage("is required").Positive();
        RuleFor(t => t.Price).NotNegative();
        RuleFor(t => t.Price)
            .NotNull()
            .When(t => t is { Type: TradeType.Buy or TradeType.Sell, TotalValue: null, LinkId: null })
            .WithMessage("is required, or totalValue is");
        RuleFor(t => t.TotalValue).NotNegative();
        RuleFor(t => t.Currency).Currency();
        RuleFor(t => t.Fee).NotNegative();
        RuleFor(t => t.FeeCurrency)
            .Must(code =>
                code is null
                || CryptoBeacon.Domain.Values.Currency.IsValid(code)
                || CryptoBeacon.Domain.Values.CoinId.IsValid(code)
            )
            .WithMessage("must be a currency such as USD or BTC, or a coin id such as bitcoin");
        RuleFor(t => t.Timestamp)
            .NotInTheFuture(clock)
            .Must(at => at is null || at >= Earliest)
            .WithMessage("must not lie before 1970");
        RuleFor(t => t.AcquiredAt)
            .NotInTheFuture(clock)
            .Must((trade, at) => at is null || trade.Type is null or TradeType.Deposit)
            .WithMessage("is for deposits")
            .Must((trade, at) => at is null || trade.Timestamp is null || at <= trade.Timestamp)
            .WithMessage("must not be later than the timestamp");
        RuleFor(t => t.Exchange).Line(100);
        RuleFor(t => t.ExternalId).Line(200);
        RuleFor(t => t.LinkId)
            .Line(100)
            .Must((trade, linkId) => linkId is null || trade.Type != TradeType.Income)
            .WithMessage("is for the legs of a swap or of a transfer; income has none");
        RuleFor(t => t.Notes).Notes();
        RuleFor(t => t.Tags).Tags();
    }
}
