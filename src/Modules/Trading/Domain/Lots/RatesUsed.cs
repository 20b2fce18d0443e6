namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>A rate that amounts were converted with; of many with one route the oldest at its time.</summary>
/// <param name="Route">The stored pairs that the rate is made of.</param>
/// <param name="AgeSeconds">How old it was when it was applied.</param>
internal sealed record RateUsed(
    string CoinId,
    string Currency,
    IReadOnlyList<string> Route,
    DateTimeOffset AsOf,
    long AgeSeconds
);

internal sealed class RatesUsed(string currency)
{
    private readonly Dictionary<string, RateUsed> _oldest = [];

    public IReadOnlyList<RateUsed> All =>
        [.. _oldest.OrderBy(rate => rate.Key, StringComparer.Ordinal).Select(rate => rate.Value)];

    public long? OldestAgeSeconds => _oldest.Values.Max(rate => (long?)rate.AgeSeconds);

    public void Add(string coinId, string[] route, DateTimeOffset asOf, DateTimeOffset at)
    {
        var key = string.Join(' ', route.Prepend(coinId));
        var age = Math.Max(0, (long)(at - asOf).TotalSeconds);
        if (!_oldest.TryGetValue(key, out var oldest) || oldest.AgeSeconds < age)
        {
            _oldest[key] = new RateUsed(coinId, currency, route, asOf, age);
        }
    }
}
