using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Sweeps;

/// <summary>
/// What one thread works with, run after run. It plays several configurations side by side, a stretch of bars at a time, so that candles and indicators come into the cache once for
/// all of them.
/// </summary>
internal sealed class Workbench
{
    /// <summary>So many at a time, whose trades are all there is to remember.</summary>
    public const int Places = 16;

    private readonly List<SimulatedTrade>[] _trades = [.. Enumerable.Range(0, Places).Select(_ => new List<SimulatedTrade>())];

    /// <param name="requests">At most <see cref="Places"/>.</param>
    /// <param name="equity">Where the equity of the first is kept, if anybody wants it.</param>
    public BacktestMetrics[] Run(
        IReadOnlyList<BacktestRequest> requests,
        Market market,
        IndicatorCache indicators,
        CancellationToken cancellationToken,
        double[]? equity = null
    )
    {
        var simulations = new Simulation[requests.Count];
        for (var i = 0; i < simulations.Length; i++)
        {
            _trades[i].Clear();
            simulations[i] = new(requests[i], market, indicators, _trades[i], i == 0 ? equity : null);
        }

        for (var (until, more) = (Simulation.Stretch, true); more; until += Simulation.Stretch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var simulation in simulations)
            {
                more = simulation.Run(until);
            }
        }

        var metrics = new BacktestMetrics[simulations.Length];
        var yardstick = BuyAndHoldCurve.Return(market);
        for (var i = 0; i < simulations.Length; i++)
        {
            simulations[i].End();
            metrics[i] = Measures.Of(requests[i], market, simulations[i], _trades[i], yardstick);
        }

        return metrics;
    }
}
