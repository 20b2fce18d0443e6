using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Persistence;

/// <summary>Stored candles as the engine takes them, with those before the start that warm indicators up.</summary>
internal sealed class Bars(ICandleArchive archive)
{
    private static readonly DateTimeOffset Earliest = Rules.EarliestTime;

    public async Task<IReadOnlyList<CandleSeries>> LoadAsync(
        IReadOnlyList<string> assets,
        string currency,
        CandleInterval interval,
        DateTimeOffset from,
        DateTimeOffset to,
        int warmUpBars,
        CancellationToken cancellationToken
    )
    {
        var room = (from - Earliest) / interval.Length;
        var warm = from - (interval.Length * Math.Clamp(warmUpBars, 0, Math.Max(0, room)));
        var series = new List<CandleSeries>(assets.Count);
        foreach (var coinId in assets)
        {
            var columns = await archive.LoadAsync(coinId, currency, interval, warm, to, cancellationToken);
            series.Add(
                new CandleSeries(
                    coinId,
                    columns.OpenTimes,
                    columns.Open,
                    columns.High,
                    columns.Low,
                    columns.Close,
                    columns.Volume
                )
            );
        }

        return series;
    }

    /// <summary>The opening time of the newest candle before a time on the interval's grid; null where there is none.</summary>
    public async Task<DateTimeOffset?> NewestAsync(
        string coinId,
        string currency,
        CandleInterval interval,
        DateTimeOffset until,
        CancellationToken cancellationToken
    )
    {
        var (from, to) = (until - interval.Length, until);
        for (var bars = 2L; !await IsKnownAsync(); bars *= 2)
        {
            if (from <= Earliest)
            {
                return null;
            }

            to = from;
            from = to - Earliest < interval.Length * bars ? Earliest : to - (interval.Length * bars);
        }

        while (to - from > interval.Length)
        {
            var (older, half) = (from, (to - from).Ticks / interval.Length.Ticks / 2);
            from += interval.Length * Math.Max(1, half);
            if (!await IsKnownAsync())
            {
                (from, to) = (older, from);
            }
        }

        return from;

        async Task<bool> IsKnownAsync() =>
            (await archive.FindKnownAsync([coinId], currency, interval, from, to, cancellationToken)).Count > 0;
    }
}
