using System.Text;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Persistence;
using Microsoft.Net.Http.Headers;

namespace CryptoBeacon.Models.Features;

/// <summary>A back-test's simulated trades as CSV, read while they are sent.</summary>
internal sealed record ExportBacktestTrades(Guid Id) : IQuery<SimulatedTrades>;

internal sealed record SimulatedTrades(IAsyncEnumerable<TradePart> Trades);

internal sealed class ExportBacktestTradesHandler(IReadDatabase database, ResultReader results)
    : IRequestHandler<ExportBacktestTrades, Result<SimulatedTrades>>
{
    public async Task<Result<SimulatedTrades>> Handle(
        ExportBacktestTrades request,
        CancellationToken cancellationToken
    ) =>
        await database.QuerySingleOrDefaultAsync<string>(
            "select status from models.model_backtests where id = @Id",
            new { request.Id },
            cancellationToken
        ) switch
        {
            null => ModelErrors.BacktestNotFound,
            "succeeded" => new SimulatedTrades(results.TradesAsync(request.Id, cancellationToken)),
            _ => ModelErrors.NotSucceeded,
        };
}

/// <summary>
/// No cell holds what somebody typed: slugs, words of ours, times and numbers, none of which has a comma or a quote in it, or is a formula.
/// </summary>
internal sealed class SimulatedTradesCsv(IAsyncEnumerable<TradePart> trades) : IResult
{
    public const string MediaType = "text/csv";

    private const string Header =
        "coinId,side,entryTime,entryPrice,exitTime,exitPrice,quantity,fees,pnl,returnPercent,exitReason\r\n";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{MediaType}; charset=utf-8";
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
        {
            FileName = "backtest-trades.csv",
        }.ToString();
        await using var output = new StreamWriter(response.Body, new UTF8Encoding(false), leaveOpen: true);
        await output.WriteAsync(Header);
        await foreach (var trade in trades.WithCancellation(httpContext.RequestAborted))
        {
            await output.WriteAsync(
                $"{trade.CoinId},{trade.Side},{UtcTime.Format(trade.EntryTime)},{Cell(trade.EntryPrice)},{UtcTime.Format(trade.ExitTime)},{Cell(trade.ExitPrice)},{Cell(trade.Quantity)},{Cell(trade.Fees)},{Cell(trade.Pnl)},{Cell(trade.ReturnPercent)},{trade.ExitReason}\r\n"
            );
        }
    }

    private static string Cell(decimal? number) => number is { } known ? Exact.Format(known) : "";
}

internal static class ExportBacktestTradesEndpoint
{
    public static void Map(RouteGroupBuilder backtests) =>
        backtests
            .MapGet(
                "/{id:guid}/trades.csv",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ExportBacktestTrades(id), ct)).To(found => new SimulatedTradesCsv(
                        found.Trades
                    ))
            )
            .WithName(nameof(ExportBacktestTrades))
            .WithSummary("A back-test's simulated trades as CSV")
            .RequireScope(Scopes.Read)
            .Produces<string>(StatusCodes.Status200OK, SimulatedTradesCsv.MediaType)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
