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
}
