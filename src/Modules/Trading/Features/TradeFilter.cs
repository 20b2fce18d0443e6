using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Features;

/// <summary>Which of one's trades are meant; what is null does not restrict.</summary>
internal sealed record TradeFilter(
    Guid? PortfolioId,
    string? CoinId,
    string? Type,
    string? Exchange,
    string? Tag,
    Guid? ImportId,
    string? From,
    string? To
)
{
    /// <summary>Leads with user_id and the time, which the index is on; row-level security alone would hide the first from the planner.</summary>
    public const string Sql = """
        user_id = @UserId and "timestamp" >= @From and "timestamp" < @To
            and (@PortfolioId::uuid is null or portfolio_id = @PortfolioId)
            and (@CoinId::text is null or coin_id = @CoinId)
            and (@Type::text is null or type = @Type)
            and (@Exchange::text is null or exchange = @Exchange)
            and (@Tag::text is null or @Tag = any(tags))
            and (@ImportId::uuid is null or import_id = @ImportId)
        """;

    public DateTimeOffset Start => UtcTime.TryParse(From, out var from) ? from : DateTimeOffset.MinValue;

    public DateTimeOffset End => UtcTime.TryParse(To, out var to) ? to : DateTimeOffset.MaxValue;

    /// <param name="position">Where a page begins.</param>
    /// <param name="limit">Null: no limit.</param>
    public object Parameters(Guid userId, TradePosition? position = null, int? limit = null) =>
        new
        {
            UserId = userId,
            PortfolioId,
            CoinId,
            Type,
            Exchange,
            Tag,
            ImportId,
            From = Start,
            To = End,
            position?.Timestamp,
            position?.Id,
            Limit = limit,
        };
}

/// <summary>Between which trades a page begins, in the order of time.</summary>
internal sealed record TradePosition(string Sort, DateTimeOffset Timestamp, Guid Id);

internal sealed class TradeFilterValidator : AbstractValidator<TradeFilter>
{
    private const string TimeRule = "must be an RFC 3339 time with an offset, such as 2026-01-31T12:00:00Z";

    public TradeFilterValidator()
    {
        RuleFor(f => f.CoinId).CoinId();
        RuleFor(f => f.Type).OneOf<TradeFilter, TradeType>();
        RuleFor(f => f.From).Must(time => time is null || UtcTime.TryParse(time, out _)).WithMessage(TimeRule);
        RuleFor(f => f.To).Must(time => time is null || UtcTime.TryParse(time, out _)).WithMessage(TimeRule);
    }
}
