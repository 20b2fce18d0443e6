using CryptoBeacon.Portfolios.Domain;

namespace CryptoBeacon.Portfolios.Persistence;

/// <summary>Stored rates of many coins at many times, in one currency.</summary>
internal sealed class Rates : IRates
{
    // So that a statement stays short, however long the history is.
    private const int LookupsAtOnce = 5_000;

    private readonly Dictionary<(string CoinId, DateTimeOffset Time), Rate> _rates = [];
    private readonly HashSet<string> _missing = [];

    private Rates() { }

    /// <summary>Coins that a rate was asked for in vain.</summary>
    public IEnumerable<Missing> Missing =>
        _missing.Order(StringComparer.Ordinal).Select(coinId => new Missing(coinId, MissingInput.Price));

    /// <summary>The age that the oldest of them had at the time it was taken for.</summary>
    public TimeSpan? OldestAge => _rates.Values.Max(rate => (TimeSpan?)(rate.At - rate.AsOf));

    /// <summary>Each route that was taken, with its newest rate.</summary>
    public IReadOnlyList<RateUsed> Used(string currency) =>
        [
            .. from rate in _rates.Values
            group rate by (rate.CoinId, Route: string.Join(' ', rate.Route)) into route
            orderby route.Key
            let newest = route.MaxBy(rate => rate.At)!
            select new RateUsed(newest.CoinId, currency, newest.Route, newest.AsOf),
        ];

    public decimal? At(string coinId, DateTimeOffset time)
    {
        if (_rates.TryGetValue((coinId, time), out var rate))
        {
            return rate.Price;
        }

        _missing.Add(coinId);
        return null;
    }

    public static async Task<Rates> ReadAsync(
        IReadDatabase database,
        string currency,
        RateQuestions questions,
        CancellationToken cancellationToken
    )
    {
        var rates = new Rates();
        foreach (var part in questions.Asked.Chunk(LookupsAtOnce))
        {
            var found = await database.QueryAsync<Rate>(
                """
                select asked.coin_id, asked.at, rate.price, rate.as_of, rate.route
                from unnest(@coinIds, @times) as asked (coin_id, at)
                cross join lateral api_integration.rate_at(asked.coin_id, @currency, asked.at) rate
                """,
                new
                {
                    currency,
                    coinIds = part.Select(asked => asked.CoinId).ToArray(),
                    times = part.Select(asked => asked.Time).ToArray(),
                },
                cancellationToken
            );
            foreach (var rate in found)
            {
                rates._rates[(rate.CoinId, rate.At)] = rate;
            }
        }

        return rates;
    }

    private sealed record Rate
    {
        public required string CoinId { get; init; }

        public required DateTimeOffset At { get; init; }

        public required decimal Price { get; init; }

        public required DateTimeOffset AsOf { get; init; }

        public required string[] Route { get; init; }
    }
}
