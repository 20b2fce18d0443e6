using CryptoBeacon.Trading.Domain.Lots;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>What disposals have gained: totals over all in a range of time, and the disposals themselves in pages, by time.</summary>
internal sealed record ListRealizedGains(
    string? Method,
    string? From,
    string? To,
    Guid? PortfolioId,
    string? Currency,
    int? Limit,
    string? Cursor
) : IQuery<RealizedGains>;

internal sealed record RealizedGains : LotAnswer
{
    public decimal? TotalProceeds { get; init; }

    public decimal? TotalCost { get; init; }

    public decimal? TotalGain { get; init; }

    public decimal? ShortTermGain { get; init; }

    public decimal? LongTermGain { get; init; }

    /// <summary>Of disposals that have no term: of a pool, or of what was never acquired. The three add up to the total.</summary>
    public decimal? GainWithoutTerm { get; init; }

    public required IReadOnlyList<DisposalDto> Disposals { get; init; }

    public string? NextCursor { get; init; }
}

internal sealed class ListRealizedGainsValidator : AbstractValidator<ListRealizedGains>
{
    public ListRealizedGainsValidator()
    {
        RuleFor(q => q.Method).OneOf<ListRealizedGains, CostBasisMethod>();
        RuleFor(q => q.From).Time();
        RuleFor(q => q.To).Time().NotBefore(q => q.From);
        RuleFor(q => q.Currency).Currency();
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor).CursorOf<ListRealizedGains, DisposalPosition>();
    }
}

internal sealed class ListRealizedGainsHandler(LotAccounts accounts, TimeProvider clock)
    : IRequestHandler<ListRealizedGains, Result<RealizedGains>>
{
    public async Task<Result<RealizedGains>> Handle(ListRealizedGains request, CancellationToken cancellationToken)
    {
        var found = await accounts.FindAsync(request.PortfolioId, request.Currency, request.Method, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var scope = found.Value;
        var from = UtcTime.TryParse(request.From, out var given) ? given : DateTimeOffset.MinValue;
        var to = UtcTime.TryParse(request.To, out given) ? given : DateTimeOffset.MaxValue;
        var (gains, gaps) = (new Gains(), new Gaps());
        var page = new DisposalPage(
            Cursor.Decode<DisposalPosition>(request.Cursor),
            PageSize.AndOneMore(request.Limit)
        );

        // To the end of the ledger: what was sold before it was acquired takes the cost of what came later.
        var played = accounts.PlayAsync(scope, scope.NewBook(), coinId: null, clock.UtcNow(), cancellationToken);
        await foreach (var (entry, moves) in played)
        {
            if (entry is { UnknownFee: { } unknown } && entry.At < to && scope.Includes(entry.PortfolioId))
            {
                gaps.Add(unknown);
            }

            foreach (var move in moves)
            {
                if (
                    move.Kind == LotMoveKind.Disposed
                    && scope.Includes(move.Entry.PortfolioId)
                    && move.Entry.At >= from
                    && move.Entry.At < to
                )
                {
                    gains.Add(move);
                    gaps.AddOf(move);
                    page.Add(move);
                }
            }
        }

        var disposals = page.ToPage(request.Limit);
        return new RealizedGains
        {
            Basis = new LotBasis(scope, gaps),
            TotalProceeds = gains.Proceeds,
            TotalCost = gains.Cost,
            TotalGain = gains.Gain,
            ShortTermGain = gains.ShortTerm,
            LongTermGain = gains.LongTerm,
            GainWithoutTerm = gains.WithoutTerm,
            Disposals = disposals.Items,
            NextCursor = disposals.NextCursor,
        };
    }
}

internal static class ListRealizedGainsEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/realized-gains",
                async (
                    string? method,
                    string? from,
                    string? to,
                    Guid? portfolioId,
                    string? currency,
                    int? limit,
                    string? cursor,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                    (
                        await mediator.Send(
                            new ListRealizedGains(method, from, to, portfolioId, currency, limit, cursor),
                            ct
                        )
                    ).ToOk()
            )
            .WithName(nameof(ListRealizedGains))
            .WithSummary("Work out realised gains by lots")
            .WithDescription(
                "Lots are those of a disposal's own portfolio. Each amount is converted at its own date; disposals come in pages, totals over all of them."
            )
            .RequireScope(Scopes.Read)
            .Produces<RealizedGains>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
