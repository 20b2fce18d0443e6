using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Puts candles where there are none, in hours that have none or at minutes that are missing; what is there stays as it is.</summary>
/// <param name="Level"><c>hours</c> or <c>minutes</c>.</param>
/// <param name="LookedUntil">Up to there nobody needs to be asked again; null: who was asked has failed.</param>
internal sealed record StoreBackfill(
    string CoinId,
    string Currency,
    string Level,
    string Interval,
    IReadOnlyList<Candle> Candles,
    DateTimeOffset? LookedUntil
) : ICommand;

internal sealed class StoreBackfillHandler(IWriteDatabase database, TimeProvider clock)
    : IRequestHandler<StoreBackfill, Result>
{
    public async Task<Result> Handle(StoreBackfill request, CancellationToken cancellationToken)
    {
        var interval = CandleInterval.Find(request.Interval)!;
        // Providers make mistakes, too: what is no candle is not stored.
        var candles = request
            .Candles.Where(candle => candle.Fault(interval, clock.UtcNow()) is null)
            .DistinctBy(candle => candle.Time)
            .OrderBy(candle => candle.Time)
            .ToList();
        await database.ExecuteAsync(
            """
            insert into api_integration.candle_backfills as backfill (coin_id, currency, level, tried_at, looked_until)
            values (@CoinId, @Currency, @Level, now(), @LookedUntil)
            on conflict (coin_id, currency, level) do update
                set tried_at = excluded.tried_at, looked_until = greatest(backfill.looked_until, excluded.looked_until);

            insert into api_integration.candles (coin_id, currency, interval, open_time, open, high, low, close, volume, is_imported)
            select @CoinId, @Currency, @Interval, open_time, open, high, low, close, volume, true
            from unnest(@times, @opens, @highs, @lows, @closes, @volumes) candle (open_time, open, high, low, close, volume)
            where case @Level
                when 'hours' then not exists (
                    select from api_integration.candles known
                    where known.coin_id = @CoinId and known.currency = @Currency
                        and known.open_time >= candle.open_time and known.open_time < candle.open_time + make_interval(mins => @minutes)
                )
                else exists (
                    select
                    from date_bin('1 hour', candle.open_time, '1970-01-01T00:00:00Z') hour
                    join api_integration.candles known on known.open_time >= hour and known.open_time < hour + interval '1 hour'
                    where known.coin_id = @CoinId and known.currency = @Currency and known.interval = '1m'
                )
            end
            order by open_time
            on conflict (coin_id, currency, interval, open_time) do nothing
            """,
            new
            {
                request.CoinId,
                request.Currency,
                request.Level,
                request.Interval,
                request.LookedUntil,
                minutes = interval.Minutes,
                times = candles.Select(candle => candle.Time).ToArray(),
                opens = candles.Select(candle => candle.Open).ToArray(),
                highs = candles.Select(candle => candle.High).ToArray(),
                lows = candles.Select(candle => candle.Low).ToArray(),
                closes = candles.Select(candle => candle.Close).ToArray(),
                volumes = candles.Select(candle => candle.Volume).ToArray(),
            },
            cancellationToken
        );
        return Result.Success;
    }
}
