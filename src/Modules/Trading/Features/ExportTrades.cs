using CryptoBeacon.Trading.Files;

namespace CryptoBeacon.Trading.Features;

/// <summary>All trades in the order of time, read while they are sent.</summary>
internal sealed record ExportTrades(TradeFilter Body) : IQuery<TradeStream>, IHasBody<TradeFilter>;

internal sealed record TradeStream(IAsyncEnumerable<TradeDto> Trades);

internal sealed class ExportTradesValidator : AbstractValidator<ExportTrades>
{
    public ExportTradesValidator(IValidator<TradeFilter> filter) => RuleFor(q => q.Body).SetValidator(filter);
}

internal sealed class ExportTradesHandler(IReadDatabase database, ICurrentUser user)
    : IRequestHandler<ExportTrades, Result<TradeStream>>
{
    private const string Sql =
        $"select {TradeDto.Columns} from trading.trades where {TradeFilter.Sql} order by \"timestamp\", id";

    public Task<Result<TradeStream>> Handle(ExportTrades request, CancellationToken cancellationToken)
    {
        var trades = database.StreamAsync<TradeDto>(Sql, request.Body.Parameters(user.Id), cancellationToken);
        return Task.FromResult<Result<TradeStream>>(new TradeStream(trades));
    }
}

internal static class ExportTradesEndpoint
{
    public static void Map(IEndpointRouteBuilder trades) =>
        trades
            .MapGet(
                "/export",
                async (
                    Guid? portfolioId,
                    string? coinId,
                    string? type,
                    string? exchange,
                    string? tag,
                    Guid? importId,
                    string? from,
                    string? to,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                {
                    var filter = new TradeFilter(portfolioId, coinId, type, exchange, tag, importId, from, to);
                    return (await mediator.Send(new ExportTrades(filter), ct)).To(stream => new CsvAnswer(
                        stream.Trades
                    ));
                }
            )
            .WithName(nameof(ExportTrades))
            .WithSummary("Export trades as CSV")
            .WithDescription(
                "In the format that `/trades/import` reads: into an empty portfolio it gives the same positions."
            )
            .RequireScope(Scopes.Read)
            .Produces<string>(StatusCodes.Status200OK, TradeColumns.MediaType);
}
