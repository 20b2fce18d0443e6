namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>rebalance</c>: comes back to target weights at the first open and every so many bars after.</summary>
internal sealed class Rebalance()
    : Strategy(
        "rebalance",
        "buys and sells so that each asset is its target ratio of the equity, at the first open and every so many bars",
        Weights,
        EveryBars
    )
{
    public static readonly Parameter Weights = new(
        "weights",
        ParameterType.Weights,
        "each asset's ratio of the equity, in all at most 1; an asset that is not named gets nothing. Absent: equal parts",
        0,
        1
    );

    public static readonly Parameter EveryBars = new(
        "everyBars",
        ParameterType.Integer,
        "bars from one time to the next",
        1,
        1e9,
        IsRequired: true
    );

    public override IEnumerable<ConfigurationError> Check(StrategyConfiguration configuration) =>
        configuration.Weights(Weights)?.Values.Sum() > 1 + 1e-9
            ? [new("/weights", "must not be more than 1 in all")]
            : [];

    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset)
    {
        var weight = configuration.Weights(Weights) is { } weights
            ? weights.GetValueOrDefault(asset.CoinId)
            : 1.0 / asset.AssetCount;
        var target = new Signal(SignalKind.Target, weight);
        return SignalSource.Of(new Regular(target, asset.FirstBar, configuration.Integer(EveryBars)), opening: target);
    }
}
