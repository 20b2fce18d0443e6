using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>
/// Prices that come as candles: a minute that has just ended and opens after the newest known price tells the alerts of its high and low, too. What is
/// older is an archive, and fires nothing.
/// </summary>
internal sealed class CandleNews(IReadDatabase database, PriceFeed feed, TimeProvider clock)
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(19);

    /// <param name="candles">Of one minute each, of one pair.</param>
    public async Task TellAsync(
        string coinId,
        string currency,
        IReadOnlyCollection<StoredCandle> candles,
        string provider,
        CancellationToken cancellationToken
    )
    {
        var now = clock.UtcNow();
        var recent = candles
            .Where(candle =>
                candle.Time >= now.UtcDateTime - Recent && candle.Time + CandleInterval.Minute.Length <= now.UtcDateTime
            )
            .OrderBy(candle => candle.Time)
            .ToList();
        if (recent.Count == 0)
        {
            return;
        }

        var known = await database.QuerySingleOrDefaultAsync<DateTime?>(
            "select as_of from api_integration.latest_prices where coin_id = @coinId and currency = @currency",
            new { coinId, currency },
            cancellationToken
        );
        var prices = recent
            .Where(candle => known is null || candle.Time > known)
            .SelectMany(candle => PricesOf(coinId, currency, candle))
            .ToList();
        if (prices.Count > 0)
        {
            await feed.TakeInAsync(prices, provider, cancellationToken);
        }
    }

    /// <summary>When within the minute a price was so nobody says: evenly, in the order that a dry run takes, too.</summary>
    private static IEnumerable<QuotedPrice> PricesOf(string coinId, string currency, StoredCandle candle)
    {
        var (first, second, third, last) = PricePath.Of(candle.Open, candle.High, candle.Low, candle.Close);
        return new[] { first, second, third, last }.Select(
            (price, position) =>
                new QuotedPrice(coinId, currency, price, new DateTimeOffset(candle.Time) + (position * Apart))
        );
    }
}
