using System.Runtime.CompilerServices;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Files;
using CryptoBeacon.Trading.Persistence;

namespace CryptoBeacon.Trading.Features;

/// <summary>
/// All trades in the order of time, read while they are sent, and opening balances as deposits among them: taken into an empty portfolio
/// they make the same positions.
/// </summary>
internal sealed record ExportTrades(TradeFilter Body, string? Format) : IQuery<TradeStream>, IHasBody<TradeFilter>;

internal enum ExportFormat
{
    Csv,
    Json,
}

internal sealed record TradeStream(IAsyncEnumerable<TradeDto> Trades);

/// <summary>A list of all there is. Its items are what <c>/trades/batch</c> takes.</summary>
internal sealed record TradeExport(IAsyncEnumerable<TradeInput> Items, string? NextCursor = null);

internal sealed class ExportTradesValidator : AbstractValidator<ExportTrades>
{
    public ExportTradesValidator(IValidator<TradeFilter> filter)
    {
        RuleFor(q => q.Body).SetValidator(filter);
        RuleFor(q => q.Format).OneOf<ExportTrades, ExportFormat>();
    }
}

internal sealed class ExportTradesHandler(IReadDatabase database, OpeningDeposits openings, ICurrentUser user)
    : IRequestHandler<ExportTrades, Result<TradeStream>>
{
    public async Task<Result<TradeStream>> Handle(ExportTrades request, CancellationToken cancellationToken)
    {
        var deposits = await openings.ReadAsync(request.Body, cancellationToken);
        var trades = database.StreamAsync(
            $"select {TradeDto.Columns} from trading.trades where {request.Body.Sql} order by \"timestamp\", id",
            request.Body.Parameters(user.Id),
            TradeDto.Read,
            cancellationToken
        );
        return new TradeStream(MergeAsync(deposits, trades, cancellationToken));
    }

    /// <summary>At one instant the opening balance comes first, as it does in the ledger.</summary>
    private static async IAsyncEnumerable<TradeDto> MergeAsync(
        IReadOnlyList<TradeDto> deposits,
        IAsyncEnumerable<TradeDto> trades,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var next = 0;
        await foreach (var trade in trades.WithCancellation(cancellationToken))
        {
            for (; next < deposits.Count && deposits[next].Timestamp <= trade.Timestamp; next++)
            {
                yield return deposits[next];
            }

            yield return trade;
        }

        for (; next < deposits.Count; next++)
        {
            yield return deposits[next];
        }
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
                    string? format,
                    HttpRequest request,
                    IMediator mediator,
                    CancellationToken ct
                ) =>
                {
                    var filter = new TradeFilter(portfolioId, coinId, type, exchange, tag, importId, from, to);
                    var exported = await mediator.Send(new ExportTrades(filter, format), ct);
                    return exported.To(stream => Answer(stream.Trades, IsJson(format, request)));
                }
            )
            .WithName(nameof(ExportTrades))
            .WithSummary("Export trades and opening balances as CSV or JSON")
            .WithDescription(
                "CSV in the format that `/trades/import` reads, unless `format=json` or `Accept` ask for JSON, whose items are what "
                    + "`/trades/batch` takes. Opening balances are among them as deposits: taken into an empty portfolio the export gives the "
                    + "same positions."
            )
            .RequireScope(Scopes.Read)
            .Produces<TradeExport>(StatusCodes.Status200OK, TradeColumns.MediaType, "application/json");

    private static IResult Answer(IAsyncEnumerable<TradeDto> trades, bool isJson) =>
        isJson ? TypedResults.Json(new TradeExport(trades.Select(trade => trade.ToInput()))) : new CsvAnswer(trades);

    private static bool IsJson(string? format, HttpRequest request) =>
        format is null ? CsvAnswer.IsUnwanted(request) : format == WireName.Of(ExportFormat.Json);
}
