using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>
/// A coin's candles that open in [from, to), oldest first, each whole: bounds within an interval mean its end. What each is made of says
/// <see cref="CandleReader"/>.
/// </summary>
internal sealed record GetCandles(
    string CoinId,
    string? Currency,
    string? Interval,
    string? From,
    string? To,
    int? Limit,
    string? Cursor
) : IQuery<CandlePageAnswer>
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
        RuleFor(query => query.To).Time().NotBefore(query => query.From);
        RuleFor(query => query.Limit).PageLimit();
        RuleFor(query => query.Cursor).CursorOf<GetCandles, CandlePosition>();
    }
}

internal sealed class GetCandlesHandler(CandleReader reader) : IRequestHandler<GetCandles, Result<CandlePageAnswer>>
{
    public Task<Result<CandlePageAnswer>> Handle(GetCandles request, CancellationToken cancellationToken)
    {
        var interval = CandleInterval.Find(request.Interval ?? GetCandles.DefaultInterval)!;
        var size = request.Limit ?? GetCandles.MaxWithoutLimit;
        var from = UtcTime.TryParse(request.From, out var start) ? interval.NextStart(start) : DateTimeOffset.MinValue;
        var candles = reader.ReadAsync(
            request.CoinId,
            request.Currency ?? Currency.Default,
            interval,
            Cursor.Decode<CandlePosition>(request.Cursor) is { } last && last.Time >= from
                ? last.Time + interval.Length
                : from,
            UtcTime.TryParse(request.To, out var end) ? interval.NextStart(end) : DateTimeOffset.MaxValue,
            size + 1,
            cancellationToken
        );
        return Task.FromResult<Result<CandlePageAnswer>>(new CandlePageAnswer(candles, size));
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
                    (await mediator.Send(new GetCandles(coinId, currency, interval, from, to, limit, cursor), ct)).To(
                        page => page
                    )
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<CandleDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithName(nameof(GetCandles))
            .WithSummary(
                "A coin's candles that open in [from, to), oldest first; without a limit up to 50,000 at once"
            );
}
