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
    /// <summary>What is asked for and no more, so that PostgreSQL is not given conditions that are always true.</summary>
    public string Sql => string.Join(" and ", Conditions());

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

    private IEnumerable<string> Conditions()
    {
        // Row-level security alone would hide it from the planner.
        yield return "user_id = @UserId";
        if (From is not null)
        {
            yield return "\"timestamp\" >= @From";
        }

        if (To is not null)
        {
            yield return "\"timestamp\" < @To";
        }

        if (PortfolioId is not null)
        {
            yield return "portfolio_id = @PortfolioId";
        }

        if (CoinId is not null)
        {
            yield return "coin_id = @CoinId";
        }

        if (Type is not null)
        {
            yield return "type = @Type";
        }

        if (Exchange is not null)
        {
            yield return "exchange = @Exchange";
        }

        if (Tag is not null)
        {
            yield return "@Tag = any(tags)";
        }

        if (ImportId is not null)
        {
            yield return "import_id = @ImportId";
        }
    }
}

/// <summary>Between which trades a page begins, in the order of time.</summary>
internal sealed record TradePosition(string Sort, DateTimeOffset Timestamp, Guid Id);

internal sealed class TradeFilterValidator : AbstractValidator<TradeFilter>
{
    public TradeFilterValidator()
    {
        RuleFor(f => f.CoinId).CoinId();
        RuleFor(f => f.Type).OneOf<TradeFilter, TradeType>();
        RuleFor(f => f.From).Time();
        RuleFor(f => f.To).Time().NotBefore(f => f.From);
    }
}
