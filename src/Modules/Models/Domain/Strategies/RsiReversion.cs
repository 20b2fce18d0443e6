using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>rsi_reversion</c>: up when the RSI falls below oversold, down when it rises above overbought.</summary>
internal sealed class RsiReversion()
    : Strategy(
        "rsi_reversion",
        "bets on the way back: in when the RSI falls below oversold, out when it rises above overbought",
        Length,
        Oversold,
        Overbought
    )
{
    public static readonly Parameter Length = new(
        "length",
        ParameterType.Integer,
        "bars of the RSI",
        1,
        IndicatorCatalogue.MaxLength,
        Default: 14
    );

    public static readonly Parameter Oversold = new(
        "oversold",
        ParameterType.Number,
        "the RSI below which it buys, less than overbought",
        0,
        100,
        Default: 30
    );

    public static readonly Parameter Overbought = new(
        "overbought",
        ParameterType.Number,
        "the RSI above which it sells",
        0,
        100,
        Default: 70
    );

    public override IEnumerable<ConfigurationError> Check(StrategyConfiguration configuration) =>
        configuration.Number(Oversold) < configuration.Number(Overbought)
            ? []
            : [new("/oversold", "must be less than overbought")];

    public override IReadOnlyList<IndicatorLine> Lines(StrategyConfiguration configuration) =>
        [IndicatorLine.Of("rsi", configuration.Integer(Length))];

    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset) =>
        SignalSource.Of(
            new Reversion(asset.Lines[0], configuration.Number(Oversold), configuration.Number(Overbought))
        );

    private readonly struct Reversion(Line rsi, double oversold, double overbought) : IRule
    {
        public Signal Decide(Prefix bars)
        {
            var (now, before) = (rsi.Now(bars), rsi.Before(bars));
            return before >= oversold && now < oversold ? Signal.Up
                : before <= overbought && now > overbought ? Signal.Down
                : Signal.None;
        }
    }
}
