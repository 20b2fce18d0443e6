using CryptoBeacon.Trading.Domain.Lots;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>How trades have done, by what they have in common.</summary>
internal sealed record SummarizeTrades(
    string? GroupBy,
    string? Method,
    Guid? PortfolioId,
    string? Currency,
    string? From,
    string? To
) : IQuery<TradeStatistics>;

internal sealed record TradeStatistics : LotAnswer
{
    public required TradeGrouping GroupBy { get; init; }

    public required IReadOnlyList<GroupStatistics> Items { get; init; }

    /// <summary>All groups are on one page.</summary>
    public string? NextCursor { get; init; }
}

internal sealed record GroupStatistics
{
    /// <summary>The coin, exchange, month (2026-01, in UTC) or tag; null: trades without one.</summary>
    public string? Key { get; init; }

    public required int Count { get; init; }

    /// <summary>Of sales that gained, among the sample.</summary>
    public decimal? WinRate { get; init; }

    public decimal? RealizedGain { get; init; }

    /// <summary>Gain of a sale, arithmetic.</summary>
    public decimal? Average { get; init; }

    public decimal? Fees { get; init; }

    /// <summary>Sales of which the gain is known.</summary>
    public required int SampleSize { get; init; }
}

internal sealed class SummarizeTradesValidator : AbstractValidator<SummarizeTrades>
{
    public SummarizeTradesValidator()
    {
        RuleFor(q => q.GroupBy).Required().OneOf<SummarizeTrades, TradeGrouping>();
        RuleFor(q => q.Method).OneOf<SummarizeTrades, CostBasisMethod>();
        RuleFor(q => q.Currency).Currency();
        RuleFor(q => q.From).Time();
        RuleFor(q => q.To).Time().NotBefore(q => q.From);
    }
}

internal sealed class SummarizeTradesHandler(LotAccounts accounts, TimeProvider clock)
    : IRequestHandler<SummarizeTrades, Result<TradeStatistics>>
{
    public async Task<Result<TradeStatistics>> Handle(SummarizeTrades request, CancellationToken cancellationToken)
    {
        var found = await accounts.FindAsync(request.PortfolioId, request.Currency, request.Method, cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var scope = found.Value;
        var from = UtcTime.TryParse(request.From, out var given) ? given : DateTimeOffset.MinValue;
        var to = UtcTime.TryParse(request.To, out given) ? given : DateTimeOffset.MaxValue;
        var grouping = WireName.Parse<TradeGrouping>(request.GroupBy!);
        var groups = new TradeGroups(
            grouping,
            entry => scope.Includes(entry.PortfolioId) && entry.At >= from && entry.At < to
        );
        var played = accounts.PlayAsync(scope, scope.NewBook(), coinId: null, clock.UtcNow(), cancellationToken);
        await foreach (var (entry, moves) in played)
        {
            groups.Add(entry, moves);
        }

        return new TradeStatistics
        {
            Basis = new LotBasis(scope, groups.Gaps),
            GroupBy = grouping,
            Items =
            [
                .. groups.All.Select(group => new GroupStatistics
                {
                    Key = group.Key,
                    Count = group.Group.Count,
                    WinRate = group.Group.WinRate,
                    RealizedGain = group.Group.RealizedGain,
                    Average = group.Group.Average,
                    Fees = group.Group.Fees,
                    SampleSize = group.Group.SampleSize,
                }),
            ],
        };
    }
}

internal static class SummarizeTradesEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/statistics",
                async (
                    string? groupBy,
                    string? method,
                    Guid? portfolioId,
                    string? currency,
                    string? from,
                    string? to,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                    (
                        await mediator.Send(new SummarizeTrades(groupBy, method, portfolioId, currency, from, to), ct)
                    ).ToOk()
            )
            .WithName(nameof(SummarizeTrades))
            .WithSummary("Sum trades up by tag, exchange, month or coin")
            .RequireScope(Scopes.Read)
            .Produces<TradeStatistics>()
            .ProducesProblem(StatusCodes.Status404NotFound);
}
