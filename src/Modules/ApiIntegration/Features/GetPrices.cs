using CryptoBeacon.Domain.Values;
using Microsoft.AspNetCore.Mvc;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>The newest prices: of the coins named, each with an answer, or page by page of all that have a price in the currency.</summary>
internal sealed record GetPrices(IReadOnlyList<string>? CoinIds, string? Currency, int? Limit, string? Cursor)
    : IQuery<Page<PriceDto>>;

internal sealed record PriceDto
{
    public required string CoinId { get; init; }

    public required string Currency { get; init; }

    /// <summary>Null where there is none: a missing price is not zero.</summary>
    public decimal? Price { get; init; }

    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Against the rate of 24 hours ago; null without one.</summary>
    public decimal? Change24hPercent { get; init; }

    /// <summary>Who said so; null where the price is worked out from other pairs.</summary>
    public string? Provider { get; init; }

    /// <summary>The stored pairs of which the price is made, the oldest of which held at <see cref="AsOf"/>; null without a price.</summary>
    public IReadOnlyList<string>? Route { get; init; }

    /// <summary>Too old to say what a coin is worth (24 hours, fiat currencies 72), or missing.</summary>
    public required bool IsStale { get; init; }
}

internal sealed record PricePosition(string CoinId);

internal sealed class GetPricesValidator : AbstractValidator<GetPrices>
{
    public GetPricesValidator()
    {
        RuleFor(query => query.CoinIds)
            .Must(coins => coins is null or { Count: >= 1 and <= PageSize.Max })
            .WithMessage($"must name 1 to {PageSize.Max} coins")
            .Must(coins => coins is null || coins.All(CoinId.IsValid))
            .WithMessage(CoinId.Rule);
        RuleFor(query => query.Currency).Currency();
        RuleFor(query => query.Limit).PageLimit();
        RuleFor(query => query.Cursor).CursorOf<GetPrices, PricePosition>();
    }
}

internal sealed class GetPricesHandler(IReadDatabase database, TimeProvider clock)
    : IRequestHandler<GetPrices, Result<Page<PriceDto>>>
{
    public async Task<Result<Page<PriceDto>>> Handle(GetPrices request, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<PriceRow>(
            """
            with asked as (
                (
                    select distinct coin_id
                    from unnest(@coinIds::text[]) named (coin_id)
                    where coin_id > @after
                    order by coin_id
                    limit @limit
                )
                union all
                select coin_id from (
                    select coin_id
                    from api_integration.latest_prices
                    where @coinIds::text[] is null and currency = @currency and coin_id > @after
                    order by coin_id
                    limit @limit
                ) quoted
            )
            select
                asked.coin_id,
                coalesce(latest.price, converted.price) as price,
                coalesce(latest.as_of, converted.as_of) as as_of,
                latest.provider,
                case when latest.coin_id is null then converted.route else array[latest.coin_id || '/' || latest.currency] end as route,
                yesterday.price as price_24h_ago,
                coalesce(latest.as_of < @now - api_integration.max_price_age(asked.coin_id), converted.price is null) as is_stale
            from asked
            left join api_integration.latest_prices latest on latest.coin_id = asked.coin_id and latest.currency = @currency
            left join lateral (
                select rate.price, rate.as_of, rate.route
                from api_integration.rate_at(asked.coin_id, @currency, @now) rate
                where latest.coin_id is null
            ) converted on true
            left join lateral api_integration.rate_at(asked.coin_id, @currency, @now - interval '24 hours') yesterday on true
            order by asked.coin_id
            """,
            new
            {
                coinIds = request.CoinIds?.ToArray(),
                currency = CurrencyOf(request),
                after = Cursor.Decode<PricePosition>(request.Cursor)?.CoinId ?? "",
                limit = PageSize.AndOneMore(LimitOf(request)),
                now = clock.UtcNow(),
            },
            cancellationToken
        );

        var prices = rows.Select(row => row.ToDto(CurrencyOf(request))).ToList();
        return Page<PriceDto>.From(prices, LimitOf(request), price => new PricePosition(price.CoinId));
    }

    /// <summary>Whoever names coins gets an answer for each, unless asked to go by the page.</summary>
    private static int? LimitOf(GetPrices request) =>
        request.Limit ?? (request.CoinIds is null ? PageSize.Default : PageSize.Max);

    private static string CurrencyOf(GetPrices request) => request.Currency ?? Currency.Default;
}

/// <summary>A price as it is read.</summary>
internal record PriceRow
{
    public required string CoinId { get; init; }

    public decimal? Price { get; init; }

    public DateTimeOffset? AsOf { get; init; }

    public string? Provider { get; init; }

    public string[]? Route { get; init; }

    public decimal? Price24hAgo { get; init; }

    public bool IsStale { get; init; }

    public PriceDto ToDto(string currency) =>
        new()
        {
            CoinId = CoinId,
            Currency = currency,
            Price = Price,
            AsOf = AsOf,
            Change24hPercent = Price - Price24hAgo is { } change
                ? Exact.Estimate(change, 100, Price24hAgo!.Value)
                : null,
            Provider = Provider,
            Route = Route,
            IsStale = IsStale,
        };
}

internal static class GetPricesEndpoint
{
    public static void Map(RouteGroupBuilder market) =>
        market
            .MapGet(
                "/prices",
                async (
                    // Said, or the compiled endpoint would take it for a body, too.
                    [FromQuery] string[]? coinIds,
                    string? currency,
                    int? limit,
                    string? cursor,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new GetPrices(Split(coinIds), currency, limit, cursor), ct)).ToOk()
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<PriceDto>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithName(nameof(GetPrices))
            .WithSummary(
                "The newest prices of coins in a currency (coinIds separated by commas; all that are quoted in it when left out)"
            );

    internal static string[]? Split(string[]? coinIds) =>
        coinIds is null or [] ? null : [.. coinIds.SelectMany(ids => ids.Split(',', StringSplitOptions.TrimEntries))];
}
