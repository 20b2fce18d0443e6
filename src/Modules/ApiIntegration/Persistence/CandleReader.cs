using System.Data.Common;
using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>
/// A coin's candles of any interval, oldest first. What is imported goes before prices, and the finer before the coarser: an hour is made of the finest
/// candles of up to 1h of which any was imported; from there on the hours, kept ready, are the finest. Prices that came in beside imported 1m candles count
/// with them; alone they serve where nothing was imported. Where nothing is stored there is no candle.
/// </summary>
internal sealed class CandleReader(IReadDatabase database)
{
    private static readonly CandleInterval Hour = CandleInterval.Find("1h")!;

    public IAsyncEnumerable<CandleDto> ReadAsync(
        string coinId,
        string currency,
        CandleInterval interval,
        DateTimeOffset from,
        DateTimeOffset to,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var (sql, parameters) = Query(coinId, currency, interval, from, to, limit);
        return database.StreamAsync(sql, parameters, Read, cancellationToken);
    }

    /// <summary>Of the first so many: time, open, high, low, close and volume.</summary>
    public static (string Sql, object Parameters) Query(
        string coinId,
        string currency,
        CandleInterval interval,
        DateTimeOffset from,
        DateTimeOffset to,
        int limit
    )
    {
        var sources = interval
            .Sources.Where(source => interval.Length < Hour.Length || source.Length >= Hour.Length)
            .ToList();
        var sql = (sources.Count, interval == Hour) switch
        {
            (1, true) => Hours,
            (1, false) => Minutes,
            _ => Folded,
        };
        return (
            sql,
            new
            {
                coinId,
                currency,
                from,
                to,
                limit,
                sources = sources.Select(source => source.Name).ToArray(),
                minutes = sources.Select(source => source.Minutes).ToArray(),
                length = interval.Minutes,
            }
        );
    }

    private static CandleDto Read(DbDataReader row) =>
        new()
        {
            Time = new DateTimeOffset(row.GetDateTime(0)),
            Open = row.GetDecimal(1),
            High = row.GetDecimal(2),
            Low = row.GetDecimal(3),
            Close = row.GetDecimal(4),
            Volume = row.IsDBNull(5) ? null : row.GetDecimal(5),
        };

    private const string Minutes = """
        select open_time, open, high, low, close, volume
        from api_integration.candles
        where coin_id = @coinId and currency = @currency and interval = '1m' and open_time >= @from and open_time < @to
        order by open_time
        limit @limit
        """;

    // Up to the first hour that is not folded yet, mostly the current one, no hour needs to be looked at twice. Each part comes in its order, so that
    // they are merged and not sorted.
    private const string Hours = """
        with unfolded as (
            select coalesce(min(open_time), 'infinity') as since
            from api_integration.unfolded_hours
            where coin_id = @coinId and currency = @currency and open_time >= @from
        )
        (
            select open_time, open, high, low, close, volume
            from api_integration.candle_hours
            where coin_id = @coinId and currency = @currency and open_time >= @from and open_time < @to and open_time < (select since from unfolded)
            order by open_time
            limit @limit
        )
        union all
        (
            select open_time, open, high, low, close, volume
            from api_integration.hourly_candles
            where coin_id = @coinId and currency = @currency and open_time >= @from and open_time < @to and open_time >= (select since from unfolded)
            order by open_time
            limit @limit
        )
        order by open_time
        limit @limit
        """;

    // The page ends with the interval of the row that no interval's candles of one page can come after, so that a page reads a page's
    // worth of rows. Then each interval's candles are folded by themselves, and the best fold is taken.
    private const string Folded = """
        with sources as (
            select * from unnest(@sources, @minutes) sources (interval, minutes)
        ), stored as not materialized (
            select interval, open_time, open, high, low, close, volume, is_imported
            from api_integration.candles
            where coin_id = @coinId and currency = @currency and interval <> '1h' and open_time >= @from and open_time < @to
            union all
            select '1h', open_time, open, high, low, close, volume, is_imported
            from api_integration.hourly_candles
            where coin_id = @coinId and currency = @currency and open_time >= @from and open_time < @to
        ), page as (
            select date_bin(make_interval(mins => @length), min(beyond.open_time), '1970-01-01T00:00:00Z') + make_interval(mins => @length) as ends
            from sources
            cross join lateral (
                select stored.open_time
                from stored
                where stored.interval = sources.interval
                order by stored.open_time
                offset @limit::bigint * @length / sources.minutes
                limit 1
            ) beyond
        ), folded as (
            select
                bucket.time,
                stored.interval,
                (array_agg(stored.open order by stored.open_time))[1] as open,
                max(stored.high) as high,
                min(stored.low) as low,
                (array_agg(stored.close order by stored.open_time desc))[1] as close,
                sum(stored.volume) as volume,
                bool_or(stored.is_imported) as is_imported
            from stored
            cross join lateral date_bin(make_interval(mins => @length), stored.open_time, '1970-01-01T00:00:00Z') bucket (time)
            where stored.interval = any(@sources) and stored.open_time < coalesce((select ends from page), 'infinity')
            group by bucket.time, stored.interval
        )
        select distinct on (folded.time)
            folded.time, folded.open, folded.high, folded.low, folded.close,
            case when platform.is_readable(folded.volume) then folded.volume else platform.quotient(folded.volume, 1) end as volume
        from folded
        join sources using (interval)
        order by folded.time, folded.is_imported desc, sources.minutes
        limit @limit
        """;
}
