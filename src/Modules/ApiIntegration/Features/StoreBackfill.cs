using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>Puts candles where there are none; what is there stays as it is.</summary>
internal sealed record StoreBackfill(string CoinId, string Currency, string Interval, IReadOnlyList<Candle> Candles)
    : ICommand;

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
            insert into api_integration.candle_backfills (coin_id, currency, tried_at) values (@CoinId, @Currency, now())
            on conflict (coin_id, currency) do update set tried_at = excluded.tried_at;

            insert into api_integration.candles (coin_id, currency, interval, open_time, open, high, low, close, volume, is_imported)
            select @CoinId, @Currency, @Interval, open_time, open, high, low, close, volume, true
            from unnest(@times, @opens, @highs, @lows, @closes, @volumes) candle (open_time, open, high, low, close, volume)
            where not exists (
                select from api_integration.candles known
                where known.coin_id = @CoinId and known.currency = @Currency
                    and known.open_time >= candle.open_time and known.open_time < candle.open_time + make_interval(mins => @minutes)
            )
            order by open_time
            on conflict (coin_id, currency, interval, open_time) do nothing
            """,
            new
            {
                request.CoinId,
                request.Currency,
                request.Interval,
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
