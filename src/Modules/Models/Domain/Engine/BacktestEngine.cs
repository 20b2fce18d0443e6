namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// Plays a strategy over candles by the fill rules of docs/back-tests.md. It looks at nothing but the request: no clock, no randomness, no threads, so
/// that the same request gives the same outcome to the last bit.
/// </summary>
internal static class BacktestEngine
{
    /// <summary>Changes with whatever changes a result.</summary>
    public const string Version = "4";

    /// <param name="progress">Told the ratio of the bars that are done, now and then.</param>
    /// <exception cref="OperationCanceledException">Soon after the token asks for it.</exception>
    public static BacktestOutcome Run(
        BacktestRequest request,
        Action<double>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var market = Market.Of(request.Assets, request.Start, request.End, request.Interval);
        var trades = new List<SimulatedTrade>();
        var equity = GC.AllocateUninitializedArray<double>(market.Steps);
        using var indicators = new IndicatorCache(cancellationToken);
        var simulation = new Simulation(request, market, indicators, new TradeBook(trades), equity);
        for (var until = Simulation.Stretch; simulation.Run(until); until += Simulation.Stretch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke((double)until / market.Steps);
        }

        simulation.End();
        progress?.Invoke(1);
        var yardstick = new BuyAndHoldCurve(market, request.InitialCapital);
        return new(
            market.Times,
            equity,
            trades,
            market.SkippedBars(request.Start, request.End),
            simulation.Account.RejectedEntries,
            yardstick,
            Measures.Of(request, market, simulation, BuyAndHoldCurve.Return(market))
        )
        {
            MonthlyReturns = MonthlyReturn.Of(market.Times, equity, yardstick, request.InitialCapital),
        };
    }
}
