using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain;
using CryptoBeacon.Models.Persistence;
using CryptoBeacon.Models.Reports;

namespace CryptoBeacon.Models.Features;

/// <summary>A back-test as one page of HTML that needs nothing but itself.</summary>
internal sealed record ReportBacktest(Guid Id) : IQuery<string>;

internal sealed class ReportBacktestHandler(
    IMediator mediator,
    IReadDatabase database,
    ResultReader results,
    Bars bars,
    TimeProvider clock
) : IRequestHandler<ReportBacktest, Result<string>>
{
    public async Task<Result<string>> Handle(ReportBacktest request, CancellationToken cancellationToken)
    {
        var found = await mediator.Send(new GetBacktest(request.Id), cancellationToken);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var backtest = found.Value;
        if (backtest.Results is null)
        {
            return ModelErrors.NotSucceeded;
        }

        var name = await database.QuerySingleOrDefaultAsync<string>(
            "select name from models.trading_models where id = @ModelId",
            new { backtest.ModelId },
            cancellationToken
        );
        var (equity, drawdown, held) = (new List<Point>(), new List<Point>(), new List<Point>());
        if (backtest.Results.Equity is not null)
        {
            await foreach (var point in results.EquityAsync(request.Id, cancellationToken))
            {
                var time = point.Time.ToUnixTimeMilliseconds();
                equity.Add(new Point(time, (double)(point.Value ?? 0)));
                drawdown.Add(new Point(time, (double)(point.Drawdown ?? 0)));
                held.Add(new Point(time, (double)(point.BuyAndHold ?? 0)));
            }
        }

        return ReportPage.Write(
            new ReportData
            {
                ModelName = name ?? "",
                Backtest = backtest,
                MadeAt = clock.GetUtcNow(),
                Equity = equity,
                Drawdown = drawdown,
                BuyAndHold = held,
                Trades = backtest.Results.Trades is null
                    ? []
                    : await results.TradesAsync(request.Id, cancellationToken).ToListAsync(cancellationToken),
                Prices = await PricesAsync(backtest, cancellationToken),
            }
        );
    }

    /// <summary>The closes of each asset; one that has no candles any more has no picture.</summary>
    private async Task<IReadOnlyDictionary<string, IReadOnlyList<Point>>> PricesAsync(
        BacktestDetails backtest,
        CancellationToken cancellationToken
    )
    {
        var series = await bars.LoadAsync(
            backtest.Assets,
            backtest.Currency,
            CandleInterval.Find(backtest.Interval)!,
            backtest.StartDate,
            backtest.EndDate,
            warmUpBars: 0,
            cancellationToken
        );
        return series
            .Where(candles => candles.Count > 0)
            .ToDictionary(
                candles => candles.CoinId,
                candles =>
                    (IReadOnlyList<Point>)
                        [.. candles.OpenTimes.Zip(candles.Close, (time, close) => new Point(time, close))]
            );
    }
}

internal static class ReportBacktestEndpoint
{
    public static void Map(RouteGroupBuilder backtests) =>
        backtests
            .MapGet(
                "/{id:guid}/report",
                async (Guid id, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new ReportBacktest(id), ct)).To(page =>
                        Results.Text(page, "text/html", System.Text.Encoding.UTF8)
                    )
            )
            .WithName(nameof(ReportBacktest))
            .WithSummary("A back-test as one HTML page: equity, drawdown, months, trades, measures")
            .WithDescription("The page needs nothing but itself: save it, send it, print it.")
            .IsSelfContainedPage()
            .RequireScope(Scopes.Read)
            .Produces<string>(StatusCodes.Status200OK, "text/html")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
}
