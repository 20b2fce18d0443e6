using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Application.Jobs;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>A price as somebody says it.</summary>
internal sealed record QuotedPrice(string CoinId, string Currency, decimal Price, DateTimeOffset AsOf);

/// <summary>
/// The one way in for prices, whoever says them: the batch, its ticks, what they change in the latest prices and the 1m candles, and the
/// request to evaluate alerts become true together, in the command's transaction.
/// </summary>
internal sealed class PriceFeed(IWriteDatabase database, IOutbox outbox)
{
    /// <returns>The batch's number, in the order of commits.</returns>
    public async Task<long> TakeInAsync(
        IReadOnlyCollection<QuotedPrice> prices,
        string provider,
        CancellationToken cancellationToken
    )
    {
        // Its number comes with the lock that makes feeds wait for each other, so it is a statement of its own: the next one sees what
        // the feed before has committed.
        var batch = (
            await database.QueryAsync<long>(
                "insert into api_integration.price_batches (provider) values (@provider) returning sequence",
                new { provider },
                cancellationToken
            )
        )[0];
        await database.ExecuteAsync(
            Store,
            new
            {
                batch,
                provider,
                coins = prices.Select(price => price.CoinId).ToArray(),
                currencies = prices.Select(price => price.Currency).ToArray(),
                prices = prices.Select(price => price.Price).ToArray(),
                times = prices.Select(price => price.AsOf).ToArray(),
            },
            cancellationToken
        );
        await outbox.RequestJobAsync(AlertJobs.Evaluate, argument: null, cancellationToken);
        return batch;
    }

    private const string Store = """
        insert into api_integration.price_ticks (batch_sequence, ordinal, coin_id, currency, price, as_of, provider, is_late)
        select
            @batch, quoted.position - 1, quoted.coin_id, quoted.currency, quoted.price, quoted.as_of, @provider,
            coalesce(quoted.as_of < known.as_of, false)
        from unnest(@coins, @currencies, @prices, @times) with ordinality quoted (coin_id, currency, price, as_of, position)
        left join api_integration.latest_prices known on known.coin_id = quoted.coin_id and known.currency = quoted.currency;

        insert into api_integration.latest_prices (coin_id, currency, price, as_of, provider)
        select distinct on (coin_id, currency) coin_id, currency, price, as_of, provider
        from api_integration.price_ticks
        where batch_sequence = @batch and not is_late
        order by coin_id, currency, as_of desc, ordinal desc
        on conflict (coin_id, currency) do update
            set price = excluded.price, as_of = excluded.as_of, provider = excluded.provider, updated_at = now();

        -- In the order of the key, as an import does it, so that the two can't deadlock.
        insert into api_integration.candles as candles (coin_id, currency, interval, open_time, open, high, low, close, first_at, last_at)
        select
            coin_id, currency, '1m', open_time,
            (array_agg(price order by as_of, ordinal))[1], max(price), min(price), (array_agg(price order by as_of desc, ordinal desc))[1],
            min(as_of), max(as_of)
        from api_integration.price_ticks
        cross join lateral date_bin('1 minute', as_of, '1970-01-01T00:00:00Z') minute (open_time)
        where batch_sequence = @batch
        group by coin_id, currency, open_time
        order by coin_id, currency, open_time
        on conflict (coin_id, currency, interval, open_time) do update
            set open = case when excluded.first_at < candles.first_at then excluded.open else candles.open end,
                high = greatest(candles.high, excluded.high),
                low = least(candles.low, excluded.low),
                close = case when excluded.last_at >= candles.last_at then excluded.close else candles.close end,
                first_at = least(candles.first_at, excluded.first_at),
                last_at = greatest(candles.last_at, excluded.last_at)
            where not candles.is_imported;

        select pg_notify('prices_posted', '');
        """;
}
