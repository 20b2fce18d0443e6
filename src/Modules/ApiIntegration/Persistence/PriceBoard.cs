using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.Application.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>
/// Tells this server's listeners what has changed: one notification a batch of prices, and one read of what it changed, however many listen. It remembers the
/// last batch that it has read, so that a connection that was lost costs no price.
/// </summary>
internal sealed partial class PriceBoard(
    PriceListeners listeners,
    INotifications notifications,
    IWorkerScopes scopes,
    TimeProvider clock,
    ILogger<PriceBoard> logger
) : BackgroundService
{
    public static readonly NotifyChannel Posted = new("prices_posted");

    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = notifications.Subscribe(Posted, "");
        long? position = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                position = await PublishAsync(position, stoppingToken);
                await subscription.WaitAsync(LookAnyway, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            // Whatever the database has must not end the server: the next look starts where the last good one ended.
            catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
            {
                LogFailedLook(exception);
                await Task.Delay(RetryAfter, clock, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<long> PublishAsync(long? after, CancellationToken cancellationToken)
    {
        await using var scope = scopes.Create();
        var prices = scope.ServiceProvider.GetRequiredService<PostedPrices>();
        var coins = listeners.Coins;
        var changes = await prices.ReadAsync(after ?? long.MaxValue, coins, cancellationToken);
        listeners.Publish(changes.Prices);

        // Who came while that was read may count on what it saw and did not ask for.
        var late = listeners.Coins.Except(coins).ToArray();
        if (late.Length > 0 && after is not null)
        {
            listeners.Publish((await prices.ReadAsync(after.Value, late, cancellationToken)).Prices);
        }

        return changes.Sequence;
    }

    [LoggerMessage(LogLevel.Warning, "Changed prices could not be read; the next look catches up")]
    private partial void LogFailedLook(Exception exception);
}

/// <param name="Sequence">The last batch at the time of reading.</param>
internal sealed record PostedChanges(long Sequence, IReadOnlyList<PriceChange> Prices);

/// <summary>The newest prices of what batches have changed.</summary>
internal sealed class PostedPrices(IReadDatabase database, TimeProvider clock)
{
    /// <summary>Of the coins' pairs those that batches after one have changed.</summary>
    public Task<PostedChanges> ReadAsync(long after, string[] coins, CancellationToken cancellationToken) =>
        ReadAsync(
            """
            select last.sequence as last_sequence, changed.sequence, latest.coin_id, latest.currency, latest.price, latest.as_of, latest.provider,
                array[latest.coin_id || '/' || latest.currency] as route, yesterday.price as price_24h_ago,
                coalesce(latest.as_of < @now - api_integration.max_price_age(latest.coin_id), true) as is_stale
            from (select api_integration.last_price_batch() as sequence) last
            left join lateral (
                select tick.coin_id, tick.currency, max(tick.batch_sequence) as sequence
                from api_integration.price_ticks tick
                where tick.batch_sequence > @after and tick.batch_sequence <= last.sequence and not tick.is_late and tick.coin_id = any(@coins)
                group by tick.coin_id, tick.currency
            ) changed on true
            left join api_integration.latest_prices latest on latest.coin_id = changed.coin_id and latest.currency = changed.currency
            left join lateral api_integration.rate_at(latest.coin_id, latest.currency, @now - interval '24 hours') yesterday on true
            """,
            new
            {
                after,
                coins,
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    /// <summary>The coins' pairs as they are now, for whoever comes back; none of them otherwise.</summary>
    public Task<PostedChanges> ReadAllAsync(
        bool isBack,
        string[] coins,
        string? currency,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            """
            select last.sequence as last_sequence, last.sequence, latest.coin_id, latest.currency, latest.price, latest.as_of, latest.provider,
                array[latest.coin_id || '/' || latest.currency] as route, yesterday.price as price_24h_ago,
                coalesce(latest.as_of < @now - api_integration.max_price_age(latest.coin_id), true) as is_stale
            from (select api_integration.last_price_batch() as sequence) last
            left join api_integration.latest_prices latest
                on @isBack and latest.coin_id = any(@coins) and latest.currency = coalesce(@currency, latest.currency)
            left join lateral api_integration.rate_at(latest.coin_id, latest.currency, @now - interval '24 hours') yesterday on true
            """,
            new
            {
                isBack,
                coins,
                currency,
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    private async Task<PostedChanges> ReadAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<Row>(sql, parameters, cancellationToken);
        return new PostedChanges(
            rows[0].LastSequence,
            [
                .. rows.Where(row => row.CoinId is not null)
                    .Select(row => new PriceChange(row.Sequence, row.ToDto(row.Currency!))),
            ]
        );
    }

    private sealed record Row : PriceRow
    {
        public long LastSequence { get; init; }

        public long Sequence { get; init; }

        public string? Currency { get; init; }
    }
}
