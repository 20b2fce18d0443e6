using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>sma_cross</c> and <c>ema_cross</c>: up when the fast average crosses above the slow one, down when it crosses below.</summary>
internal sealed class MovingAverageCross(string average)
    : Strategy(
        $"{average}_cross",
        $"follows the trend: in when the fast {average.ToUpperInvariant()} crosses above the slow one, out when it crosses below",
        Fast,
        Slow
    )
{
    public static readonly Parameter Fast = new(
        "fast",
        ParameterType.Integer,
        "bars of the fast average",
        1,
        IndicatorCatalogue.MaxLength,
        IsRequired: true
    );

    public static readonly Parameter Slow = new(
        "slow",
        ParameterType.Integer,
        "bars of the slow average, more than fast",
        2,
        IndicatorCatalogue.MaxLength,
        IsRequired: true
    );

    public override IEnumerable<ConfigurationError> Check(StrategyConfiguration configuration) =>
        configuration.Integer(Fast) < configuration.Integer(Slow) ? [] : [new("/fast", "must be less than slow")];

    public override IReadOnlyList<IndicatorLine> Lines(StrategyConfiguration configuration) =>
        [
            IndicatorLine.Of(average, configuration.Integer(Fast)),
            IndicatorLine.Of(average, configuration.Integer(Slow)),
        ];

    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset) =>
        new Cross(asset.Lines[0], asset.Lines[1]);
}

/// <summary>Up when one line crosses above another, down when it crosses below.</summary>
internal sealed class Cross(Line line, Line other) : SignalSource
{
    public override int Next(int from, int to, SignalKind wanted, Position position, out Signal signal)
    {
        var up = Signal.Up.Has(wanted) ? line.NextCrossAbove(other, from, to) : to;
        var down = Signal.Down.Has(wanted) ? other.NextCrossAbove(line, from, up) : up;
        signal =
            down < up ? Signal.Down
            : up < to ? Signal.Up
            : Signal.None;
        return down;
    }
}
