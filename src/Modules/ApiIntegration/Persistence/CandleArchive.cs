using CryptoBeacon.Application.Contracts.ApiIntegration;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Persistence;

internal sealed class CandleArchive(IReadDatabase database) : ICandleArchive
{
    public IAsyncEnumerable<StoredCandle> ReadAsync(
        string coinId,
        string currency,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) =>
        database.StreamAsync<StoredCandle>(
            Sql,
            new
            {
                coinId,
                currency,
                from,
                to,
            },
            cancellationToken
        );

    public async Task<CandleColumns> LoadAsync(
        string coinId,
        string currency,
        CandleInterval interval,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        var (candles, parameters) = CandleReader.Query(
            coinId,
            currency,
            interval,
            interval.NextStart(from),
            interval.NextStart(to),
            int.MaxValue
        );
        var months = database.StreamAsync<Month>(
            $"{Columns} from ({candles}) candles (time, open, high, low, close, volume) {ByMonth}",
            parameters,
            cancellationToken
        );
        var all = await months.ToListAsync(cancellationToken);
        return InOrder(
            new CandleColumns(
                [.. all.SelectMany(month => month.Times)],
                [.. all.SelectMany(month => month.Open)],
                [.. all.SelectMany(month => month.High)],
                [.. all.SelectMany(month => month.Low)],
                [.. all.SelectMany(month => month.Close)],
                [.. all.SelectMany(month => month.Volume)]
            )
        );
    }

    /// <summary>They mostly are; but a GROUP BY that PostgreSQL chooses to sort for would not keep the order within a month.</summary>
    internal static CandleColumns InOrder(CandleColumns candles)
    {
        var times = candles.OpenTimes;
        if (times.Zip(times.Skip(1)).All(pair => pair.First < pair.Second))
        {
            return candles;
        }

        foreach (var column in new[] { candles.Open, candles.High, candles.Low, candles.Close, candles.Volume })
        {
            Array.Sort((long[])times.Clone(), column);
        }

        Array.Sort(times);
        return candles;
    }

    public Task<IReadOnlyList<string>> FindKnownAsync(
        IReadOnlyList<string> coinIds,
        string currency,
        CandleInterval interval,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken cancellationToken
    ) =>
        database.QueryAsync<string>(
            """
            select coin_id
            from unnest(@coinIds) coin_id
            where exists (
                select from api_integration.candles stored
                where stored.coin_id = coin_id.coin_id and stored.currency = @currency and stored.interval = any(@sources)
                    and stored.open_time >= @from and stored.open_time < @to and stored.low > 0)
            """,
            new
            {
                coinIds = coinIds.ToArray(),
                currency,
                sources = interval.Sources.Select(source => source.Name).ToArray(),
                from = interval.NextStart(from),
                to = interval.NextStart(to),
            },
            cancellationToken
        );

    // A month is one row of arrays: half a million minutes are read in the time that a tenth of them would take row by row.
    private const string Columns = """
        select
            array_agg((extract(epoch from time) * 1000)::bigint) as times,
            array_agg(open::float8) as open,
            array_agg(high::float8) as high,
            array_agg(low::float8) as low,
            array_agg(close::float8) as close,
            array_agg(coalesce(volume, 0)::float8) as volume
        """;

    private const string ByMonth = """
        where low > 0
        group by date_trunc('month', time, 'UTC')
        order by date_trunc('month', time, 'UTC')
        """;

    private sealed record Month
    {
        public required long[] Times { get; init; }

        public required double[] Open { get; init; }

        public required double[] High { get; init; }

        public required double[] Low { get; init; }

        public required double[] Close { get; init; }

        public required double[] Volume { get; init; }
    }

    // Two ordered streams that are merged: sorting a year of minutes would take longer than reading it.
    private const string Sql = """
        select open_time as time, open, high, low, close
        from (
            (
                select open_time, open, high, low, close
                from api_integration.candles
                where coin_id = @coinId and currency = @currency and interval = '1m' and open_time >= @from and open_time < @to
                order by open_time
            )
            union all
            (
                select coarse.open_time, coarse.open, coarse.high, coarse.low, coarse.close
                from api_integration.candles coarse
                join (values
                    ('5m', interval '5 minutes'), ('15m', interval '15 minutes'), ('1h', interval '1 hour'),
                    ('4h', interval '4 hours'), ('1d', interval '24 hours')
                ) intervals (name, length) on intervals.name = coarse.interval
                where coarse.coin_id = @coinId and coarse.currency = @currency and coarse.open_time >= @from and coarse.open_time < @to
                    and coarse.interval <> '1m'
                    and not exists (
                        select from api_integration.candles fine
                        where fine.coin_id = @coinId and fine.currency = @currency
                            and fine.open_time >= coarse.open_time and fine.open_time < coarse.open_time + intervals.length
                            and case fine.interval
                                when '1m' then interval '1 minute' when '5m' then interval '5 minutes' when '15m' then interval '15 minutes'
                                when '1h' then interval '1 hour' when '4h' then interval '4 hours' else interval '24 hours'
                            end < intervals.length
                    )
                order by coarse.open_time
            )
        ) candles
        order by open_time
        """;
}
