using CryptoBeacon.Application.Contracts.ApiIntegration;

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
