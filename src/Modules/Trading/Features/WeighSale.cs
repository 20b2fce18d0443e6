using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Domain.Lots;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>What a sale would gain now, by every method side by side.</summary>
/// <param name="PortfolioId">Null: the default one.</param>
/// <param name="Price">Null: the coin's rate now.</param>
internal sealed record WeighSale(Guid? PortfolioId, string? CoinId, string? Quantity, string? Price)
    : IQuery<SaleOutlook>;

internal sealed record SaleOutlook : LotAnswer
{
    public required Guid PortfolioId { get; init; }

    public required string CoinId { get; init; }

    public required decimal Quantity { get; init; }

    public required decimal Price { get; init; }

    public decimal? Proceeds { get; init; }

    public required IReadOnlyList<OutlookByMethod> Methods { get; init; }

    /// <summary>When the next of the open lots turns long-term; null where none is short-term.</summary>
    public DateTimeOffset? NextLongTermFrom { get; init; }
}

internal sealed record OutlookByMethod
{
    public required CostBasisMethod Method { get; init; }

    public decimal? Cost { get; init; }

    public decimal? Gain { get; init; }

    public decimal? ShortTermGain { get; init; }

    public decimal? LongTermGain { get; init; }

    public decimal? GainWithoutTerm { get; init; }
}

internal sealed class WeighSaleValidator : AbstractValidator<WeighSale>
{
    public WeighSaleValidator()
    {
        RuleFor(q => q.CoinId).Required().CoinId();
        RuleFor(q => q.Quantity).Required();
        RuleFor(q => q.Quantity)
            .Must(quantity => string.IsNullOrEmpty(quantity) || Number(quantity) is > 0)
            .WithMessage($"must be greater than 0, and {Exact.Rule}");
        RuleFor(q => q.Price)
            .Must(price => price is null || Number(price) is >= 0)
            .WithMessage($"must be 0 or greater, and {Exact.Rule}");
    }

    public static decimal? Number(string? text) =>
        Exact.TryParse(text, allowExponent: false, out var number) ? number : null;
}

internal sealed class WeighSaleHandler(LotAccounts accounts, TimeProvider clock)
    : IRequestHandler<WeighSale, Result<SaleOutlook>>
{
    public async Task<Result<SaleOutlook>> Handle(WeighSale request, CancellationToken cancellationToken)
    {
        var found = await accounts.FindOneAsync(request.PortfolioId, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var (scope, now) = (found.Value, clock.UtcNow());
        var (portfolioId, coinId) = (scope.PortfolioId!.Value, request.CoinId!);
        var quantity = WeighSaleValidator.Number(request.Quantity)!.Value;
        var price =
            WeighSaleValidator.Number(request.Price)
            ?? (await accounts.PricesAsync(scope, [coinId], now, cancellationToken)).GetValueOrDefault(coinId);
        if (price is not { } known)
        {
            return Error.Invalid("price", "is required: there is no rate of the coin in the portfolio's currency");
        }

        var books = Enum.GetValues<CostBasisMethod>()
            .ToDictionary(method => method, method => new LotBook(_ => method));
        await foreach (var entry in accounts.EntriesAsync(scope, coinId, now, cancellationToken))
        {
            foreach (var book in books.Values)
            {
                book.Play(entry);
            }
        }

        var lots = books[CostBasisMethod.Fifo].OpenLots.Where(open => open.PortfolioId == portfolioId).ToArray();
        var sale = new LotEntry
        {
            PortfolioId = portfolioId,
            TradeId = null,
            CoinId = coinId,
            Type = TradeType.Sell,
            At = now,
            Quantity = quantity,
            Value = Exact.Estimate(quantity, known),
        };
        if (lots.Sum(open => open.Lot.Quantity) < quantity)
        {
            return TradeErrors.NotHeld(coinId);
        }

        var gaps = new Gaps();
        return new SaleOutlook
        {
            PortfolioId = portfolioId,
            CoinId = coinId,
            Quantity = quantity,
            Price = known,
            Proceeds = sale.Proceeds,
            Methods = [.. books.Select(book => Outlook(book.Key, book.Value.Play(sale), gaps))],
            NextLongTermFrom = lots.Select(open => open.Lot.LongTermFrom).Where(from => from >= now).Min(),
            Basis = new LotBasis(scope, gaps),
        };
    }

    private static OutlookByMethod Outlook(CostBasisMethod method, IReadOnlyList<LotMove> disposals, Gaps gaps)
    {
        var (gains, missing) = (new Gains(), new Gaps());
        foreach (var disposal in disposals)
        {
            gains.Add(disposal);
            missing.AddOf(disposal);
        }

        gaps.Cover(missing);

        // Half a gain would mislead who chooses a method by it.
        var isKnown = disposals.All(disposal => disposal.Gain is not null);
        return new OutlookByMethod
        {
            Method = method,
            Cost = isKnown ? gains.Cost : null,
            Gain = isKnown ? gains.Gain : null,
            ShortTermGain = isKnown ? gains.ShortTerm : null,
            LongTermGain = isKnown ? gains.LongTerm : null,
            GainWithoutTerm = isKnown ? gains.WithoutTerm : null,
        };
    }
}

internal static class WeighSaleEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/what-if-sale",
                async (
                    Guid? portfolioId,
                    string? coinId,
                    string? quantity,
                    string? price,
                    IMediator mediator,
                    CancellationToken ct
                ) => (await mediator.Send(new WeighSale(portfolioId, coinId, quantity, price), ct)).ToOk()
            )
            .WithName(nameof(WeighSale))
            .WithSummary("Weigh a sale: what it would gain under every method")
            .WithDescription("The price is in the portfolio's currency, and the coin's rate now where none is given.")
            .RequireScope(Scopes.Read)
            .Produces<SaleOutlook>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
