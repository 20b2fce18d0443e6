using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// Looks for what is missing of the last thirty days' candles of the coins that are polled, hours without a candle and minutes in hours that have some, and asks
/// the providers for it: those pairs first that have waited longest, each at one call a run. What a provider never had is asked for once.
/// </summary>
internal sealed record BackfillCandles : IStepwiseCommand;

internal sealed class BackfillCandlesHandler(
    ConnectorCatalog connectors,
    IAutoCommitDatabase database,
    IMediator mediator,
    TimeProvider clock
) : IRequestHandler<BackfillCandles, Result>
{
    public const int PairsARun = 20;

    private static readonly CandleInterval Hour = CandleInterval.Find("1h")!;

    // Only hours that have ended, since what is missing of others may come yet. Of a pair nothing is looked at twice: up to looked_until all is there, or was
    // asked for. Gaps in minutes lie between two candles of an hour, before its first and after its last one.
    private const string FindGaps = $"""
        with ended as (
            select date_bin('1 hour', now() - interval '2 minutes', '1970-01-01T00:00:00Z') as until
        ), markets as (
            select market.coin_id, market.currency, market.symbol, provider.priority, {SiteRow.Columns},
                first_value(market.currency) over (
                    partition by market.coin_id order by market.currency <> 'USD', provider.priority, provider.id) as best_currency
            from api_integration.api_providers provider
            cross join lateral api_integration.wanted_markets(provider.id) market
            where provider.is_active and lower(provider.name) = any(@connectors)
                -- Who does not answer at present is passed over.
                and not exists (select from api_integration.provider_polls poll where poll.provider_id = provider.id and poll.error is not null)
        ), sought as (
            select distinct market.coin_id, market.currency, level.name as level, ended.until, backfill.tried_at,
                greatest(backfill.looked_until, ended.until - interval '30 days') as since
            from markets market
            cross join ended
            join (values ('hours'), ('minutes')) level (name) on level.name = 'hours' or lower(market.provider_name) = any(@minutely)
            left join api_integration.candle_backfills backfill
                on backfill.coin_id = market.coin_id and backfill.currency = market.currency and backfill.level = level.name
            where market.currency = market.best_currency and coalesce(backfill.looked_until < ended.until, true)
        ), looked as (
            select sought.*, coalesce(hours.opens, minutes.opens) as opens, coalesce(hours.closes, minutes.closes) as closes
            from sought
            cross join lateral (
                select min(hour) as opens, max(hour) + interval '1 hour' as closes
                from generate_series(sought.since, sought.until - interval '1 hour', interval '1 hour') hour
                where sought.level = 'hours' and not exists (
                    select from api_integration.candles known
                    where known.coin_id = sought.coin_id and known.currency = sought.currency
                        and known.open_time >= hour and known.open_time < hour + interval '1 hour'
                ) and not exists (
                    select from api_integration.candles known
                    where known.coin_id = sought.coin_id and known.currency = sought.currency
                        and known.interval = '4h' and known.open_time = date_bin('4 hours', hour, '1970-01-01T00:00:00Z')
                )
            ) hours
            cross join lateral (
                select min(gap.opens) as opens, max(gap.closes) as closes
                from (
                    select known.open_time, date_bin('1 hour', known.open_time, '1970-01-01T00:00:00Z') as hour,
                        lag(known.open_time) over by_time as before, lead(known.open_time) over by_time as after
                    from api_integration.candles known
                    where sought.level = 'minutes' and known.coin_id = sought.coin_id and known.currency = sought.currency
                        and known.interval = '1m' and known.open_time >= sought.since and known.open_time < sought.until
                    window by_time as (order by known.open_time)
                ) minute
                cross join lateral (values
                    (greatest(minute.before + interval '1 minute', minute.hour), minute.open_time),
                    (minute.open_time + interval '1 minute', least(minute.after, minute.hour + interval '1 hour'))
                ) gap (opens, closes)
                where gap.opens < gap.closes
            ) minutes
        ), whole as (
            insert into api_integration.candle_backfills (coin_id, currency, level, tried_at, looked_until)
            select coin_id, currency, level, now(), until from looked where opens is null
            on conflict (coin_id, currency, level) do update set looked_until = excluded.looked_until
        ), due as (
            select looked.*, row_number() over (order by tried_at nulls first, coin_id, level) as turn
            from looked
            where opens is not null
            order by turn
            limit @limit
        )
        select due.coin_id, due.currency, due.level, due.opens, due.closes, market.symbol,
            market.provider_id, market.provider_name, market.base_url, market.rate_limit_count, market.rate_limit_window
        from due
        join markets market on market.coin_id = due.coin_id and market.currency = due.currency
            and (due.level = 'hours' or lower(market.provider_name) = any(@minutely))
        order by due.turn, market.priority, market.provider_id
        """;

    public async Task<Result> Handle(BackfillCandles request, CancellationToken cancellationToken)
    {
        var gaps = await database.QueryAsync<Gap>(
            FindGaps,
            new
            {
                connectors = connectors.Having(history => true),
                minutely = connectors.Having(history => history.HasMinutes),
                limit = PairsARun,
            },
            cancellationToken
        );
        foreach (var gap in gaps.GroupBy(gap => (gap.CoinId, gap.Currency, gap.Level)))
        {
            await mediator.Send(await AskAsync([.. gap], cancellationToken), cancellationToken);
        }

        return Result.Success;
    }

    /// <summary>
    /// What the first of the providers says that has anything. Nothing counts as asked for while one of those that might have something fails: the call is
    /// recorded with its error, and the pair has its turn again after the others.
    /// </summary>
    private async Task<StoreBackfill> AskAsync(IReadOnlyList<Gap> providers, CancellationToken cancellationToken)
    {
        var (gap, lookedUntil, hasFailed) = (providers[0], (DateTimeOffset?)null, false);
        var inTurn = providers
            .Select(provider => new Reach(
                provider,
                connectors.Find<IConnector>(provider.ProviderName)!,
                clock.UtcNow()
            ))
            // Who goes back as far as the gap does first.
            .OrderBy(reach => reach.Begins > gap.Opens);
        foreach (var reach in inTurn)
        {
            var ends = reach.Ends;
            if (ends > reach.Begins)
            {
                try
                {
                    var candles = await reach.AskAsync(connectors, cancellationToken);
                    if (candles.Count > 0)
                    {
                        return new(gap.CoinId, gap.Currency, gap.Level, reach.Interval.Name, candles, ends);
                    }
                }
                catch (ConnectorException fault)
                {
                    // Who refuses has no such market.
                    hasFailed |= fault.Fault is not ConnectorFault.Refused;
                }
            }

            lookedUntil = lookedUntil < ends ? lookedUntil : ends;
        }

        return new(gap.CoinId, gap.Currency, gap.Level, Hour.Name, [], hasFailed ? null : lookedUntil);
    }

    /// <summary>What one provider can be asked of a gap.</summary>
    private sealed class Reach(Gap gap, IConnector connector, DateTimeOffset now)
    {
        private readonly CandleHistory _history = connector.History!;

        public CandleInterval Interval =>
            gap.Level == "minutes" ? CandleInterval.Minute : CandleInterval.Find(_history.Interval)!;

        /// <summary>There are none before.</summary>
        public DateTimeOffset Begins =>
            _history.Kept is { } kept
                ? Hour.NextStart(now - (kept * Interval.Length)) - Hour.Length
                : DateTimeOffset.MinValue;

        /// <summary>Whole hours, so that none is made of half of its minutes.</summary>
        public DateTimeOffset Ends
        {
            get
            {
                var closes = Hour.NextStart(gap.Closes);
                var most =
                    Hour.NextStart(gap.Opens + (_history.ACall * Interval.Length) + TimeSpan.FromTicks(1))
                    - Hour.Length;
                return most < closes ? most : closes;
            }
        }

        public Task<IReadOnlyList<Candle>> AskAsync(ConnectorCatalog connectors, CancellationToken cancellationToken) =>
            connector.CandlesAsync(
                connectors.Open(gap.ToSite(), Caller.System),
                new CandleRange(new Market(gap.Symbol, gap.Currency), Interval, gap.Opens, Ends),
                cancellationToken
            );
    }

    private sealed record Gap : SiteRow
    {
        public required string CoinId { get; init; }

        public required string Currency { get; init; }

        public required string Level { get; init; }

        public required string Symbol { get; init; }

        public DateTimeOffset Opens { get; init; }

        public DateTimeOffset Closes { get; init; }
    }
}
