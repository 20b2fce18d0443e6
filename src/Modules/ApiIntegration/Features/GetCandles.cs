using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// A coin's candles that open in [from, to), oldest first. Each is made of the finest imported candles that lie in its interval, together with
/// the prices that came in beside them; of prices alone where nothing was imported.
/// </summary>
internal sealed record GetCandles(
    string CoinId,
    string? Currency,
    string? Interval,
    string? From,
    string? To,
    int? Limit,
    string? Cursor
) : IQuery<Page<CandleDto>>
{
    public const string DefaultInterval = "1h";

    /// <summary>What a chart wants at once; asked for by the page, it comes by the page.</summary>
    public const int MaxWithoutLimit = 50_000;
}

internal sealed record CandleDto
{
    public required DateTimeOffset Time { get; init; }

    public required decimal Open { get; init; }

    public required decimal High { get; init; }

    public required decimal Low { get; init; }

    public required decimal Close { get; init; }

    /// <summary>Null where only prices are known.</summary>
    public decimal? Volume { get; init; }
}

internal sealed record CandlePosition(DateTimeOffset Time);

internal sealed class GetCandlesValidator : AbstractValidator<GetCandles>
{
    public GetCandlesValidator()
    {
        RuleFor(query => query.CoinId).CoinId();
        RuleFor(query => query.Currency).Currency();
        RuleFor(query => query.Interval)
            .Must(name => name is null || CandleInterval.Find(name) is not null)
            .WithMessage(CandleInterval.Rule);
        RuleFor(query => query.From).Time();
        RuleFor(query => query.To).Time();
        RuleFor(query => query.Limit).PageLimit();
        RuleFor(query => query.Cursor).CursorOf<GetCandles, CandlePosition>();
    }
}

internal sealed class GetCandlesHandler(IReadDatabase database) : IRequestHandler<GetCandles, Result<Page<CandleDto>>>
{
    // The page ends with the interval of the row that no interval's candles of one page can come after, so that a page reads a page's
    // worth of rows. Then each interval's candles are folded by themselves, and the best fold is taken.
    private const string Sql = """
        with sources as (
            select * from unnest(@sources, @minutes) sources (interval, minutes)
        ), page as (
            select date_bin(make_interval(mins => @length), min(beyond.open_time), '1970-01-01T00:00:00Z') + make_interval(mins => @length) as ends
            from sources
            cross join lateral (
                select stored.open_time
                from api_integration.candles stored
                where stored.coin_id = @coinId and stored.currency = @currency and stored.interval = sources.interval
                    and stored.open_time >= @from and stored.open_time < @to
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
            from api_integration.candles stored
            cross join lateral date_bin(make_interval(mins => @length), stored.open_time, '1970-01-01T00:00:00Z') bucket (time)
            where stored.coin_id = @coinId and stored.currency = @currency and stored.interval = any(@sources)
                and stored.open_time >= @from and stored.open_time < least(@to, (select ends from page))
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

    public async Task<Result<Page<CandleDto>>> Handle(GetCandles request, CancellationToken cancellationToken)
    {
        var interval = CandleInterval.Find(request.Interval ?? GetCandles.DefaultInterval)!;
        var size = request.Limit ?? GetCandles.MaxWithoutLimit;
        var from = UtcTime.TryParse(request.From, out var start) ? interval.NextStart(start) : DateTimeOffset.MinValue;
        var rows = await database.QueryAsync<CandleDto>(
            Sql,
            new
            {
                request.CoinId,
                currency = request.Currency ?? Currency.Default,
                sources = interval.Sources.Select(source => source.Name).ToArray(),
                minutes = interval.Sources.Select(source => source.Minutes).ToArray(),
                length = interval.Minutes,
                from = Cursor.Decode<CandlePosition>(request.Cursor) is { } last ? last.Time + interval.Length : from,
                to = UtcTime.TryParse(request.To, out var end) ? interval.NextStart(end) : DateTimeOffset.MaxValue,
                limit = size + 1,
            },
            cancellationToken
        );
        return rows.Count <= size
            ? new Page<CandleDto>(rows, null)
            : new Page<CandleDto>([.. rows.Take(size)], Cursor.Encode(new CandlePosition(rows[size - 1].Time)));
    }
}

internal static class GetCandlesEndpoint
{
    public static void Map(RouteGroupBuilder market) =>
        market
            .MapGet(
                "/candles/{coinId}",
                async (
                    string coinId,
                    string? currency,
                    string? interval,
                    string? from,
                    string? to,
                    int? limit,
                    string? cursor,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                    (
                        await mediator.Send(new GetCandles(coinId, currency, interval, from, to, limit, cursor), ct)
                    ).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<CandleDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithName(nameof(GetCandles))
            .WithSummary(
                "A coin's candles that open in [from, to), oldest first; without a limit up to 50,000 at once"
            );
}
