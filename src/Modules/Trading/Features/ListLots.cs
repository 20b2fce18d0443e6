using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain.Lots;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>What is held, lot by lot, now or at a time in the past.</summary>
internal sealed record ListLots(
    string? Method,
    Guid? PortfolioId,
    string? CoinId,
    string? AsOf,
    string? Currency,
    int? Limit,
    string? Cursor
) : IQuery<OpenLotsPage>;

internal sealed record OpenLotsPage : LotAnswer
{
    public required DateTimeOffset AsOf { get; init; }

    public required IReadOnlyList<LotDto> Items { get; init; }

    public string? NextCursor { get; init; }
}

internal sealed record LotDto
{
    public required Guid PortfolioId { get; init; }

    /// <summary>Null: the opening balance, a pool, or nothing known.</summary>
    public Guid? TradeId { get; init; }

    public required string CoinId { get; init; }

    public DateTimeOffset? AcquiredAt { get; init; }

    public required decimal Quantity { get; init; }

    public decimal? UnitCost { get; init; }

    public decimal? Cost { get; init; }

    /// <summary>What is sold after it is long-term.</summary>
    public DateTimeOffset? LongTermFrom { get; init; }
}

internal sealed class ListLotsValidator : AbstractValidator<ListLots>
{
    public ListLotsValidator(TimeProvider clock)
    {
        RuleFor(q => q.Method).OneOf<ListLots, CostBasisMethod>();
        RuleFor(q => q.CoinId).CoinId();
        RuleFor(q => q.AsOf)
            .Must(asOf => asOf is null || (UtcTime.TryParse(asOf, out var time) && time <= clock.GetUtcNow()))
            .WithMessage("must be a past time in RFC 3339 with an offset, such as 2026-01-31T12:00:00Z");
        RuleFor(q => q.Currency).Currency();
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListLots, LotPosition>();
    }
}

/// <summary>Where a page begins.</summary>
internal sealed record LotPosition(Guid PortfolioId, string CoinId, DateTimeOffset? AcquiredAt, Guid? TradeId)
    : IComparable<LotPosition>
{
    public static LotPosition Of(LotDto lot) => new(lot.PortfolioId, lot.CoinId, lot.AcquiredAt, lot.TradeId);

    public int CompareTo(LotPosition? other) =>
        other is null
            ? 1
            : (PortfolioId, CoinId, AcquiredAt ?? DateTimeOffset.MinValue, TradeId ?? Guid.Empty).CompareTo(
                (
                    other.PortfolioId,
                    other.CoinId,
                    other.AcquiredAt ?? DateTimeOffset.MinValue,
                    other.TradeId ?? Guid.Empty
                )
            );
}

internal sealed class ListLotsHandler(LotAccounts accounts, TimeProvider clock)
    : IRequestHandler<ListLots, Result<OpenLotsPage>>
{
    public async Task<Result<OpenLotsPage>> Handle(ListLots request, CancellationToken cancellationToken)
    {
        var found = await accounts.FindAsync(request.PortfolioId, request.Currency, request.Method, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var scope = found.Value;
        var asOf = UtcTime.TryParse(request.AsOf, out var past) ? past : clock.UtcNow();
        var (book, gaps) = (scope.NewBook(), new Gaps());
        await foreach (var (entry, moves) in accounts.PlayAsync(scope, book, request.CoinId, asOf, cancellationToken))
        {
            if (entry is { UnknownFee: { } unknown } && scope.Includes(entry.PortfolioId))
            {
                gaps.Add(unknown);
            }

            foreach (var move in moves.Where(move => move.Part.IsMissing && scope.Includes(move.Entry.PortfolioId)))
            {
                gaps.AddOf(move);
            }
        }

        // What came in several parts, as by transfers, is one lot again.
        var lots = book
            .OpenLots.Where(open => scope.Includes(open.PortfolioId))
            .GroupBy(open => (open.PortfolioId, open.CoinId, open.Lot.TradeId, open.Lot.AcquiredAt))
            .Select(parts => ToDto(parts.Key.PortfolioId, parts.Key.CoinId, [.. parts.Select(part => part.Lot)]))
            .ToArray();
        foreach (var lot in lots.Where(lot => lot.Cost is null))
        {
            gaps.Add(new Gap(lot.TradeId, lot.CoinId, lot.Quantity, GapKind.Cost));
        }

        var after = Cursor.Decode<LotPosition>(request.Cursor);
        var rows = lots.OrderBy(LotPosition.Of)
            .Where(lot => after is null || LotPosition.Of(lot).CompareTo(after) > 0)
            .Take(PageSize.AndOneMore(request.Limit));
        var page = Page<LotDto>.From([.. rows], request.Limit, LotPosition.Of);
        return new OpenLotsPage
        {
            Basis = new LotBasis(scope, gaps),
            AsOf = asOf,
            Items = page.Items,
            NextCursor = page.NextCursor,
        };
    }

    private static LotDto ToDto(Guid portfolioId, string coinId, LotPart[] parts)
    {
        var lot = parts.Aggregate(
            (sum, part) =>
                sum with
                {
                    Quantity = sum.Quantity + part.Quantity,
                    Cost = sum.Cost is { } a && part.Cost is { } b ? Exact.Sum(a, b) : null,
                }
        );
        return new LotDto
        {
            PortfolioId = portfolioId,
            TradeId = lot.TradeId,
            CoinId = coinId,
            AcquiredAt = lot.AcquiredAt,
            Quantity = lot.Quantity,
            UnitCost = lot.UnitCost,
            Cost = lot.Cost,
            LongTermFrom = lot.LongTermFrom,
        };
    }
}

internal static class ListLotsEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/lots",
                async (
                    string? method,
                    Guid? portfolioId,
                    string? coinId,
                    string? asOf,
                    string? currency,
                    int? limit,
                    string? cursor,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                    (
                        await mediator.Send(
                            new ListLots(method, portfolioId, coinId, asOf, currency, limit, cursor),
                            ct
                        )
                    ).ToOk()
            )
            .WithName(nameof(ListLots))
            .WithSummary("List the open lots")
            .RequireScope(Scopes.Read)
            .Produces<OpenLotsPage>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
