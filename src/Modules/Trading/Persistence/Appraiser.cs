using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.Trading.Persistence;

/// <summary>Works out what those trades were worth that do not say: income is worth the market's price, a leg of a swap what the other is.</summary>
internal sealed class Appraiser(IReadDatabase database)
{
    /// <param name="terms">Some trades, both legs of a swap among them unless <paramref name="recorded"/> has the other.</param>
    /// <param name="recorded">Legs that the ledger has already.</param>
    /// <returns>In the order of <paramref name="terms"/>. A buy or a sell whose worth nobody knows is refused.</returns>
    public async Task<IReadOnlyList<Result<TradeTerms>>> AppraiseAsync(
        IReadOnlyList<TradeTerms> terms,
        IReadOnlyCollection<TradeTerms> recorded,
        CancellationToken cancellationToken
    )
    {
        var open = terms.Where(t =>
            t.Worth.Basis == PriceBasis.Unknown && (t.Type == TradeType.Income || Swap.IsLeg(t))
        );
        var rates = await RatesAsync([.. open], cancellationToken);
        var links = new Links(terms.Concat(recorded));
        return [.. terms.Select(Appraise)];

        Result<TradeTerms> Appraise(TradeTerms one)
        {
            if (one.Worth.Basis != PriceBasis.Unknown || one.Type is TradeType.Deposit or TradeType.Withdrawal)
            {
                return one;
            }

            if (one.Type == TradeType.Income)
            {
                var market = Worth.Of(one.Quantity, RateOf(one), total: null, PriceBasis.Derived);
                return one with { Worth = market.IsSuccess ? market.Value : Worth.Unknown };
            }

            var appraised =
                links.OtherLegOf(one) is { } other && other.Type != one.Type ? Swap.Appraise(one, other, RateOf) : one;
            return appraised.Worth.Basis != PriceBasis.Unknown
                ? appraised
                : Error.Invalid(
                    "price",
                    "is required, or totalValue is: neither a rate nor another leg of the swap tells it"
                );
        }

        decimal? RateOf(TradeTerms one) =>
            rates.TryGetValue((one.CoinId, one.Currency, Minute(one.Timestamp)), out var rate) ? rate : null;
    }

    /// <summary>A rate is a minute's: each is looked up once.</summary>
    private async Task<IReadOnlyDictionary<(string, string, DateTimeOffset), decimal>> RatesAsync(
        IReadOnlyCollection<TradeTerms> terms,
        CancellationToken cancellationToken
    )
    {
        var asked = terms.Select(t => (t.CoinId, t.Currency, At: Minute(t.Timestamp))).Distinct().ToArray();
        if (asked.Length == 0)
        {
            return new Dictionary<(string, string, DateTimeOffset), decimal>();
        }

        var rates = await database.QueryAsync<Row>(
            """
            select asked.coin_id, asked.currency, asked.at, rate.price
            from unnest(@coinIds, @currencies, @times) as asked (coin_id, currency, at)
            cross join lateral api_integration.rate_at(asked.coin_id, asked.currency, asked.at) rate
            """,
            new
            {
                coinIds = asked.Select(a => a.CoinId).ToArray(),
                currencies = asked.Select(a => a.Currency).ToArray(),
                times = asked.Select(a => a.At.UtcDateTime).ToArray(),
            },
            cancellationToken
        );
        return rates.ToDictionary(rate => (rate.CoinId, rate.Currency, rate.At), rate => rate.Price);
    }

    private static DateTimeOffset Minute(DateTimeOffset at) => at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMinute));

    private sealed record Row
    {
        public required string CoinId { get; init; }

        public required string Currency { get; init; }

        public required DateTimeOffset At { get; init; }

        public required decimal Price { get; init; }
    }
}
