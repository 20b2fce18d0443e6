using CryptoBeacon.Application.Contracts.ApiIntegration;

namespace CryptoBeacon.ApiIntegration.Persistence;

internal sealed class MarketWatch(IReadDatabase database, TimeProvider clock) : IMarketWatch
{
    public Task<MarketState> LookAsync(CancellationToken cancellationToken) =>
        database.QueryMultipleAsync(
            """
            select count(*) as waiting, min(received_at) as oldest from api_integration.price_batches where evaluated_at is null;

            select minute.until, count(batch.sequence) as batches, coalesce(sum(batch.alerts_evaluated), 0) as alerts
            from (select @now - ago * interval '1 minute' as until from generate_series(0, 9) ago) minute
            left join api_integration.price_batches batch
                on batch.evaluated_at > minute.until - interval '1 minute' and batch.evaluated_at <= minute.until
            group by minute.until
            order by minute.until desc;

            select name, coalesce(quoted.pairs, 0) as pairs, quoted.newest_price,
                coalesce(polled.calls, 0) as calls, coalesce(polled.failed_calls, 0) as failed_calls
            from (
                select provider as name, count(*) as pairs, max(as_of) as newest_price
                from api_integration.latest_prices
                group by provider
            ) quoted
            full join (
                select provider.name, count(usage.id) as calls,
                    count(usage.id) filter (where usage.error is not null or usage.status_code >= 400) as failed_calls
                from api_integration.api_providers provider
                left join api_integration.api_usage usage
                    on usage.provider_id = provider.id and usage."timestamp" > @now - interval '1 hour'
                where provider.is_active
                group by provider.name
            ) polled using (name)
            order by name;
            """,
            new { now = clock.UtcNow() },
            async results => new MarketState(
                (await results.ReadSingleOrDefaultAsync<Backlog>())!,
                await results.ReadAsync<EvaluatedMinute>(),
                await results.ReadAsync<ProviderState>()
            ),
            cancellationToken
        );
}
