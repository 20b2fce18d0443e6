using CryptoBeacon.Trading.Files;

namespace CryptoBeacon.Trading.Features;

/// <summary>Lists one's trades by time, the newest first unless asked otherwise.</summary>
internal sealed record ListTrades(TradeFilter Body, string? Sort, int? Limit, string? Cursor)
    : IQuery<Page<TradeDto>>,
        IHasBody<TradeFilter>
{
    public const string Ascending = "timestamp";
    public const string Descending = "-timestamp";

    public string Order => Sort ?? Descending;
}

internal sealed class ListTradesValidator : AbstractValidator<ListTrades>
{
    public ListTradesValidator(IValidator<TradeFilter> filter)
    {
        RuleFor(q => q.Body).SetValidator(filter);
        RuleFor(q => q.Sort)
            .Must(sort => sort is null or ListTrades.Ascending or ListTrades.Descending)
            .WithMessage($"must be {ListTrades.Ascending} or {ListTrades.Descending}");
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Cursor)
            .CursorOf<ListTrades, TradePosition>()
            .Must((query, cursor) => (Cursor.Decode<TradePosition>(cursor)?.Sort ?? query.Order) == query.Order)
            .WithMessage("is not a cursor of this order");
    }
}

internal sealed class ListTradesHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ListTrades, Result<Page<TradeDto>>>
{
    public async Task<Result<Page<TradeDto>>> Handle(ListTrades request, CancellationToken cancellationToken)
    {
        var position = Cursor.Decode<TradePosition>(request.Cursor);
        var rows = await database.QueryAsync(
            SqlOf(request, position),
            request.Body.Parameters(user.Id, position, PageSize.AndOneMore(request.Limit)),
            TradeDto.Read,
            cancellationToken
        );
        return Page<TradeDto>.From(
            rows,
            request.Limit,
            last => new TradePosition(request.Order, last.Timestamp, last.Id)
        );
    }

    /// <summary>By the time alone first, which is the index's order: only a page and what shares its last instant is sorted, and not all that the user has.</summary>
    private static string SqlOf(ListTrades request, TradePosition? position)
    {
        var (order, beyond) = request.Order == ListTrades.Ascending ? ("asc", ">") : ("desc", "<");
        var start = position is null ? "" : $"and (\"timestamp\", id) {beyond} (@Timestamp, @Id)";
        return $"""
            select *
            from (
                select {TradeDto.Columns} from trading.trades
                where {request.Body.Sql} {start}
                order by "timestamp" {order} fetch first (@Limit) rows with ties
            ) page
            order by "timestamp" {order}, id {order} limit @Limit
            """;
    }
}

internal static class ListTradesEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/",
                async (
                    Guid? portfolioId,
                    string? coinId,
                    string? type,
                    string? exchange,
                    string? tag,
                    Guid? importId,
                    string? from,
                    string? to,
                    string? sort,
                    int? limit,
                    string? cursor,
                    HttpRequest request,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                {
                    var filter = new TradeFilter(portfolioId, coinId, type, exchange, tag, importId, from, to);
                    var page = await mediator.Send(new ListTrades(filter, sort, limit, cursor), ct);
                    return CsvAnswer.IsWanted(request) ? page.To(CsvAnswer.Of) : page.To(TradePageAnswer.Of);
                }
            )
            .WithName(nameof(ListTrades))
            .WithSummary("List trades")
            .WithDescription(
                "`Accept: text/csv` gives the page in the format that `/trades/import` reads, the next one as a `Link`."
            )
            .RequireScope(Scopes.Read)
            .Produces<Page<TradeDto>>(StatusCodes.Status200OK, "application/json", TradeColumns.MediaType);
}
