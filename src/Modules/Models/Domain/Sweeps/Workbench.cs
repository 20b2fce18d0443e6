using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Sweeps;

/// <summary>What one thread works with, run after run: the curve and the trades of the last.</summary>
internal sealed class Workbench
{
    private readonly List<SimulatedTrade> _trades = [];
    private double[] _equity = [];

    /// <summary>Of the last run, which was over this market.</summary>
    public ReadOnlySpan<double> Equity(Market market) => _equity.AsSpan(0, market.Steps);

    public BacktestMetrics Run(
        BacktestRequest request,
        Market market,
        IndicatorCache indicators,
        CancellationToken cancellationToken
    )
    {
        if (_equity.Length < market.Steps)
        {
            _equity = GC.AllocateUninitializedArray<double>(market.Steps);
        }

        _trades.Clear();
        var simulation = new Simulation(request, market, indicators, _trades);
        var equity = _equity.AsSpan(0, market.Steps);
        simulation.Run(equity, null, cancellationToken);
        return Measures.Of(request, market, simulation, equity, _trades, BuyAndHoldCurve.Return(market));
    }
}
