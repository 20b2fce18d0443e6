using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// Looks for hours of the last thirty days without a candle, of the coins that are polled, and asks the providers for them: those pairs first that have waited
/// longest, each at one call a run.
/// </summary>
internal sealed record BackfillCandles : IStepwiseCommand;

internal sealed class BackfillCandlesHandler(
    ConnectorCatalog connectors,
    IAutoCommitDatabase database,
    IMediator mediator
) : IRequestHandler<BackfillCandles, Result>
{
    public const int PairsARun = 20;

    // The hour under way is not over, and what is missing of it not lost yet.
    private const string FindGaps = """
        with markets as (
            select distinct on (market.coin_id) market.coin_id, market.symbol, market.currency,
                provider.id, provider.name, provider.base_url,
                make_interval(secs => extract(epoch from provider.rate_limit_window)) as rate_limit_window, provider.rate_limit_count
            from api_integration.api_providers provider
            cross join lateral api_integration.wanted_markets(provider.id) market
            where provider.is_active and lower(provider.name) = any(@connectors)
                -- Who does not answer at present is passed over.
                and not exists (select from api_integration.provider_polls poll where poll.provider_id = provider.id and poll.error is not null)
            order by market.coin_id, market.currency <> 'USD', provider.priority, provider.id
        )
        select markets.*, gap.opens, gap.closes
        from markets
        left join api_integration.candle_backfills backfill using (coin_id, currency)
        cross join lateral (
            select min(hour) as opens, max(hour) + interval '1 hour' as closes
            from generate_series(
                date_trunc('hour', now()) - interval '30 days', date_trunc('hour', now()) - interval '1 hour', interval '1 hour') hour
            where not exists (
                select from api_integration.candles known
                where known.coin_id = markets.coin_id and known.currency = markets.currency
                    and known.open_time >= hour and known.open_time < hour + interval '1 hour'
            ) and not exists (
                select from api_integration.candles known
                where known.coin_id = markets.coin_id and known.currency = markets.currency
                    and known.interval = '4h' and known.open_time = date_bin('4 hours', hour, '1970-01-01T00:00:00Z')
            )
        ) gap
        where gap.opens is not null
        order by backfill.tried_at nulls first, markets.coin_id
        limit @limit
        """;

    public async Task<Result> Handle(BackfillCandles request, CancellationToken cancellationToken)
    {
        var gaps = await database.QueryAsync<Gap>(
            FindGaps,
            new { connectors = connectors.Names, limit = PairsARun },
            cancellationToken
        );
        foreach (var gap in gaps)
        {
            var candles = await CandlesAsync(gap, cancellationToken);
            await mediator.Send(
                new StoreBackfill(gap.CoinId, gap.Currency, gap.Connector(connectors).HistoryInterval, candles),
                cancellationToken
            );
        }

        return Result.Success;
    }

    /// <summary>None where the provider fails: the call is recorded with its error, and the pair has its turn again after the others.</summary>
    private async Task<IReadOnlyList<Candle>> CandlesAsync(Gap gap, CancellationToken cancellationToken)
    {
        var connector = gap.Connector(connectors);
        try
        {
            return await connector.CandlesAsync(
                connectors.Open(gap.ToSite(), Caller.System),
                new Market(gap.Symbol, gap.Currency),
                CandleInterval.Find(connector.HistoryInterval)!,
                gap.Opens,
                gap.Closes,
                cancellationToken
            );
        }
        catch (ConnectorException)
        {
            return [];
        }
    }

    private sealed record Gap
    {
        public required string CoinId { get; init; }

        public required string Symbol { get; init; }

        public required string Currency { get; init; }

        public Guid Id { get; init; }

        public required string Name { get; init; }

        public required string BaseUrl { get; init; }

        public TimeSpan? RateLimitWindow { get; init; }

        public int? RateLimitCount { get; init; }

        public DateTimeOffset Opens { get; init; }

        public DateTimeOffset Closes { get; init; }

        public IConnector Connector(ConnectorCatalog connectors) => connectors.Find<IConnector>(Name)!;

        public ProviderSite ToSite() => new(Id, Name, new Uri(BaseUrl), RateLimitWindow, RateLimitCount);
    }
}
