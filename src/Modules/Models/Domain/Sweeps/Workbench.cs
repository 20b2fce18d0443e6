using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Sweeps;

/// <summary>Several configurations at once on one thread, side by side, a stretch of bars at a time: candles and indicators come into the cache once for all of them.</summary>
internal static class Workbench
{
    /// <summary>So many at a time.</summary>
    public const int Places = 16;

    /// <param name="equity">Where the equity of the first is kept, if anybody wants it.</param>
    public static BacktestMetrics[] Run(
        IReadOnlyList<BacktestRequest> requests,
        Market market,
        IndicatorCache indicators,
        double[]? equity,
        CancellationToken cancellationToken
    )
    {
        var simulations = requests
            .Select((request, i) => new Simulation(request, market, indicators, new(null), i == 0 ? equity : null))
            .ToArray();
        for (var (until, more) = (Simulation.Stretch, true); more; until += Simulation.Stretch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var simulation in simulations)
            {
                more = simulation.Run(until);
            }
        }

        var yardstick = BuyAndHoldCurve.Return(market);
        var metrics = new BacktestMetrics[simulations.Length];
        for (var i = 0; i < simulations.Length; i++)
        {
            simulations[i].End();
            metrics[i] = Measures.Of(requests[i], market, simulations[i], yardstick);
        }

        return metrics;
    }
}
