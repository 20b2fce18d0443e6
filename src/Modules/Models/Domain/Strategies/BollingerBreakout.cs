using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>bollinger_breakout</c>: in when the close crosses a band outwards, out when it crosses the average back.</summary>
internal sealed class BollingerBreakout()
    : Strategy(
        "bollinger_breakout",
        "in when the close crosses above the upper band (short: below the lower), out when it crosses the average back",
        Length,
        Deviations
    )
{
    public static readonly Parameter Length = new(
        "length",
        ParameterType.Integer,
        "bars of average and deviation",
        2,
        IndicatorCatalogue.MaxWindow,
        Default: 20
    );

    public static readonly Parameter Deviations = new(
        "deviations",
        ParameterType.Number,
        "how many standard deviations the bands lie from the average",
        0.01,
        100,
        Default: 2
    );

    public override IReadOnlyList<IndicatorLine> Lines(StrategyConfiguration configuration)
    {
        var average = IndicatorLine.Of("bb", configuration.Integer(Length), configuration.Number(Deviations));
        return [average, average.Line("upperBand"), average.Line("lowerBand")];
    }

    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset) =>
        SignalSource.Of(
            new Breakout(asset.Price(PriceField.Close), asset.Lines[1], asset.Lines[2], asset.Lines[0], asset.Lines[0])
        );
}

/// <summary>In when the close crosses a line outwards, out when it crosses another back.</summary>
internal readonly struct Breakout(Line close, Line enterAbove, Line enterBelow, Line leaveBelow, Line leaveAbove)
    : IRule
{
    public Signal Decide(Prefix bars)
    {
        var kind = SignalKind.None;
        if (close.CrossesAbove(enterAbove, bars))
        {
            kind |= SignalKind.EnterLong | SignalKind.ExitShort;
        }
        else if (close.CrossesAbove(leaveAbove, bars))
        {
            kind |= SignalKind.ExitShort;
        }

        if (close.CrossesBelow(enterBelow, bars))
        {
            kind |= SignalKind.EnterShort | SignalKind.ExitLong;
        }
        else if (close.CrossesBelow(leaveBelow, bars))
        {
            kind |= SignalKind.ExitLong;
        }

        return new(kind);
    }
}
