using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>macd</c>: up when the MACD crosses above its signal line, down when it crosses below.</summary>
internal sealed class MacdCross()
    : Strategy(
        "macd",
        "in when the MACD crosses above its signal line, out when it crosses below",
        Fast,
        Slow,
        Smoothing
    )
{
    public static readonly Parameter Fast = new(
        "fast",
        ParameterType.Integer,
        "bars of the fast average",
        1,
        IndicatorCatalogue.MaxLength,
        Default: 12
    );

    public static readonly Parameter Slow = new(
        "slow",
        ParameterType.Integer,
        "bars of the slow average, more than fast",
        2,
        IndicatorCatalogue.MaxLength,
        Default: 26
    );

    public static readonly Parameter Smoothing = new(
        "signal",
        ParameterType.Integer,
        "bars of the signal line",
        1,
        IndicatorCatalogue.MaxLength,
        Default: 9
    );

    public override IEnumerable<ConfigurationError> Check(StrategyConfiguration configuration) =>
        configuration.Integer(Fast) < configuration.Integer(Slow) ? [] : [new("/fast", "must be less than slow")];

    public override IReadOnlyList<IndicatorLine> Lines(StrategyConfiguration configuration)
    {
        var macd = IndicatorLine.Of(
            "macd",
            configuration.Integer(Fast),
            configuration.Integer(Slow),
            configuration.Integer(Smoothing)
        );
        return [macd, macd.Line("signal")];
    }

    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset) =>
        new Cross(asset.Lines[0], asset.Lines[1]);
}
