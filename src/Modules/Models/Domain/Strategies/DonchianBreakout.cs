using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>donchian_breakout</c>: in when the close leaves the channel of the bars before, out when it leaves a shorter one on the other side.</summary>
internal sealed class DonchianBreakout()
    : Strategy(
        "donchian_breakout",
        "in when the close crosses above the highest high of the bars before (short: below the lowest low), out when it crosses the other side of a shorter channel",
        EntryLength,
        ExitLength
    )
{
    public static readonly Parameter EntryLength = new(
        "entryLength",
        ParameterType.Integer,
        "bars of the channel that entries break out of",
        1,
        IndicatorCatalogue.MaxLength,
        Default: 20
    );

    public static readonly Parameter ExitLength = new(
        "exitLength",
        ParameterType.Integer,
        "bars of the channel that exits break out of",
        1,
        IndicatorCatalogue.MaxLength,
        Default: 10
    );

    public override IReadOnlyList<IndicatorLine> Lines(StrategyConfiguration configuration)
    {
        var entry = IndicatorLine.Of("donchian", configuration.Integer(EntryLength));
        var exit = IndicatorLine.Of("donchian", configuration.Integer(ExitLength));
        return [entry, entry.Line("lowerBand"), exit.Line("lowerBand"), exit];
    }

    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset) =>
        SignalSource.Of(
            new Breakout(asset.Price(PriceField.Close), asset.Lines[0], asset.Lines[1], asset.Lines[2], asset.Lines[3])
        );
}
