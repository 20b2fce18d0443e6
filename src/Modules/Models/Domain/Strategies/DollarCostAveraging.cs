using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>dca</c>: buys for the same amount at the first open and every so many bars after.</summary>
internal sealed class DollarCostAveraging()
    : Strategy("dca", "buys each asset for a fixed amount at the first open and every so many bars", Amount, EveryBars)
{
    public static readonly Parameter Amount = new(
        "amount",
        ParameterType.Number,
        "what each purchase costs, its fee included; one that the cash does not cover is rejected",
        0,
        1e15,
        IsRequired: true,
        ExclusiveMinimum: true
    );

    public static readonly Parameter EveryBars = new(
        "everyBars",
        ParameterType.Integer,
        "bars from one purchase to the next",
        1,
        1e9,
        IsRequired: true
    );

    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset)
    {
        var buy = new Signal(SignalKind.Buy, configuration.Number(Amount));
        return SignalSource.Of(new Regular(buy, asset.FirstBar, configuration.Integer(EveryBars)), opening: buy);
    }
}

/// <summary>Says the same at every so many closes, so that it is filled at the first open of each stretch.</summary>
internal readonly struct Regular(Signal signal, int firstBar, int every) : IRule
{
    public Signal Decide(Prefix bars) => (bars.Last - firstBar + 1) % every == 0 ? signal : Signal.None;
}
