using CryptoBeacon.ApiIntegration.Persistence;

namespace CryptoBeacon.ApiIntegration.Features;

/// <summary>An administrator's word on prices: the same path as a provider's poll.</summary>
internal sealed record QuotePrices(PriceQuotes Body) : ICommand<PriceQuotesReceipt>, IHasBody<PriceQuotes>
{
    public const string Provider = "admin";
    public const int MaxPrices = 10_000;
}

internal sealed record PriceQuotes(IReadOnlyList<PriceQuote?>? Prices);

/// <param name="AsOf">When the price held; now by default.</param>
internal sealed record PriceQuote(string? CoinId, string? Currency, decimal? Price, DateTimeOffset? AsOf);

/// <param name="Sequence">The batch's number; alerts are evaluated batch by batch in this order.</param>
/// <param name="Accepted">How many prices were stored.</param>
internal sealed record PriceQuotesReceipt(long Sequence, int Accepted);

internal sealed class QuotePricesValidator : AbstractValidator<QuotePrices>
{
    public QuotePricesValidator(TimeProvider clock)
    {
        RuleFor(command => command.Body.Prices).Required().Entries(1, QuotePrices.MaxPrices, "entries");
        RuleForEach(command => command.Body.Prices).Required().SetValidator(new PriceQuoteValidator(clock)!);
    }
}

internal sealed class PriceQuoteValidator : AbstractValidator<PriceQuote>
{
    public PriceQuoteValidator(TimeProvider clock)
    {
        RuleFor(quote => quote.CoinId).Required().CoinId();
        RuleFor(quote => quote.Currency).Required().Currency();
        RuleFor(quote => quote.Price).Required().NotNegative();
        RuleFor(quote => quote.AsOf).NotInTheFuture(clock);
    }
}

internal sealed class QuotePricesHandler(PriceFeed feed, TimeProvider clock)
    : IRequestHandler<QuotePrices, Result<PriceQuotesReceipt>>
{
    public async Task<Result<PriceQuotesReceipt>> Handle(QuotePrices request, CancellationToken cancellationToken)
    {
        var now = clock.UtcNow();
        var prices = request.Body.Prices!.Select(quote => ToPrice(quote!, now)).ToList();
        var sequence = await feed.TakeInAsync(prices, QuotePrices.Provider, cancellationToken);
        return new PriceQuotesReceipt(sequence, prices.Count);
    }

    /// <summary>A clock that runs ahead is forgiven, but its times are not taken: until then, every other price would be late.</summary>
    private static QuotedPrice ToPrice(PriceQuote quote, DateTimeOffset now) =>
        new(quote.CoinId!, quote.Currency!, quote.Price!.Value, quote.AsOf is { } asOf && asOf < now ? asOf : now);
}

internal static class QuotePricesEndpoint
{
    public static void Map(RouteGroupBuilder market) =>
        market
            .MapPost(
                "/prices",
                async (PriceQuotes body, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new QuotePrices(body), ct)).ToAccepted(_ => null)
            )
            .RequireAdmin()
            .HonoursIdempotencyKey()
            .Produces<PriceQuotesReceipt>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithName(nameof(QuotePrices))
            .WithSummary(
                "Take in prices, as a provider's poll would: stored durably, readable, and on the way to the alerts"
            );
}
