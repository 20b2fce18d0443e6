using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Trading.Domain;

/// <summary>One entry of the ledger.</summary>
[NeverAudited("Each version in its history leaves the entry, however many change at once.")]
internal sealed class Trade : Entity
{
    private const string Manual = "manual";

    // For EF Core.
    private Trade() { }

    public Guid UserId { get; private init; }

    public Guid PortfolioId { get; private init; }

    public string CoinId { get; private set; } = "";

    public TradeType Type { get; private set; }

    public decimal Quantity { get; private set; }

    public decimal Price { get; private set; }

    public decimal TotalValue { get; private set; }

    public PriceBasis PriceBasis { get; private set; }

    public string Currency { get; private set; } = "";

    public decimal Fee { get; private set; }

    public string FeeCurrency { get; private set; } = "";

    public bool FeeInCoin { get; private set; }

    public string? FeeCoinId { get; private set; }

    public bool DeductFees { get; private set; }

    public DateTimeOffset Timestamp { get; private set; }

    public DateTimeOffset? AcquiredAt { get; private set; }

    public string? Exchange { get; private set; }

    public string? ExternalId { get; private set; }

    public string? LinkId { get; private set; }

    public string? Notes { get; private set; }

    public string[]? Tags { get; private set; }

    /// <summary>Within what external ids are unique: the exchange, whoever brought the trade here.</summary>
    public string Source { get; private set; } = Manual;

    public byte[]? Fingerprint { get; private init; }

    public int? Occurrence { get; private init; }

    public Guid? ImportId { get; private init; }

    public static Trade Record(Guid userId, TradeTerms terms)
    {
        var trade = new Trade { UserId = userId, PortfolioId = terms.PortfolioId };
        trade.Amend(terms);
        return trade;
    }

    public void Amend(TradeTerms terms)
    {
        CoinId = terms.CoinId;
        Type = terms.Type;
        Quantity = terms.Quantity;
        (Price, TotalValue, PriceBasis) = terms.Worth;
        Currency = terms.Currency;
        Fee = terms.Fee;
        FeeCurrency = terms.FeeCurrency;
        FeeInCoin = terms.FeeInCoin;
        FeeCoinId = terms.FeeCoinId;
        DeductFees = terms.DeductFees;
        Timestamp = terms.Timestamp;
        AcquiredAt = terms.AcquiredAt;
        Exchange = terms.Exchange;
        ExternalId = terms.ExternalId;
        LinkId = terms.LinkId;
        Notes = terms.Notes;
        Tags = terms.Tags;
        Source = SourceOf(terms.Exchange);
    }

    public static string SourceOf(string? exchange) => exchange?.ToLowerInvariant() ?? Manual;

    /// <summary>The positions that it changes: its coin's and, where the fee was taken out of another one, that one's.</summary>
    public IReadOnlyList<Movement> Movements =>
        DeductFees && FeeCoinId is { } feeCoin && Fee > 0
            ? [OfItsCoin, new Movement(Id, feeCoin, Timestamp, IsIncoming: false, Fee, UnitPrice: null, IsImported)]
            : [OfItsCoin];

    // Its price plays no part in the question of how much is held.
    private Movement OfItsCoin =>
        new(
            Id,
            CoinId,
            Timestamp,
            Type.IsIncoming(),
            Type.IsIncoming() ? Quantity - (FeeInCoin ? Fee : 0) : Quantity + (FeeInCoin ? Fee : 0),
            UnitPrice: null,
            IsImported
        )
        {
            Link = Type is TradeType.Deposit or TradeType.Withdrawal ? LinkId : null,
        };

    private bool IsImported => ImportId is not null;

    public TradeTerms ToTerms() =>
        new()
        {
            PortfolioId = PortfolioId,
            CoinId = CoinId,
            Type = Type,
            Quantity = Quantity,
            Worth = new Worth(Price, TotalValue, PriceBasis),
            Currency = Currency,
            Fee = Fee,
            FeeCurrency = FeeCurrency,
            FeeInCoin = FeeInCoin,
            FeeCoinId = FeeCoinId,
            DeductFees = DeductFees,
            Timestamp = Timestamp,
            AcquiredAt = AcquiredAt,
            Exchange = Exchange,
            ExternalId = ExternalId,
            LinkId = LinkId,
            Notes = Notes,
            Tags = Tags ?? [],
        };

    public TradeInput ToInput() =>
        new()
        {
            PortfolioId = PortfolioId,
            CoinId = CoinId,
            Type = Type,
            Quantity = Quantity,
            Price = PriceBasis == PriceBasis.Unknown ? null : Price,
            TotalValue = PriceBasis == PriceBasis.Unknown ? null : TotalValue,
            Currency = Currency,
            Fee = Fee,
            FeeCurrency = FeeCurrency,
            DeductFees = DeductFees,
            Timestamp = Timestamp,
            AcquiredAt = AcquiredAt,
            Exchange = Exchange,
            ExternalId = ExternalId,
            LinkId = LinkId,
            Notes = Notes,
            Tags = Tags,
        };
}
