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
        SignalSource.Of(new Cross(asset.Lines[0], asset.Lines[1]));
}

/// <summary>Up when one line crosses above another, down when it crosses below.</summary>
internal readonly struct Cross(Line line, Line other) : IRule
{
    public Signal Decide(Prefix bars)
    {
        var (now, otherNow) = (line.Now(bars), other.Now(bars));
        if (now > otherNow)
        {
            return line.Before(bars) <= other.Before(bars) ? Signal.Up : Signal.None;
        }

        return now < otherNow && line.Before(bars) >= other.Before(bars) ? Signal.Down : Signal.None;
    }
}
