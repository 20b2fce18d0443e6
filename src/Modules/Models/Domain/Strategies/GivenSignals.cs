using CryptoBeacon.Models.Domain.Engine;
using CryptoBeacon.Models.Domain.Indicators;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>signals</c>: entries and exits whose times were computed elsewhere. A time names the bar it falls in; the fill is at the next one's open.</summary>
internal sealed class GivenSignals()
    : Strategy(
        "signals",
        "enters and leaves at times computed elsewhere: each names the bar on whose close the signal is given",
        Entries,
        Exits,
        ShortEntries,
        ShortExits
    )
{
    public static readonly Parameter Entries = new(
        "entries",
        ParameterType.Times,
        "bars to buy after",
        IsRequired: true
    );

    public static readonly Parameter Exits = new("exits", ParameterType.Times, "bars to sell after");

    public static readonly Parameter ShortEntries = new(
        "shortEntries",
        ParameterType.Times,
        "bars to sell short after, with direction both"
    );

    public static readonly Parameter ShortExits = new("shortExits", ParameterType.Times, "bars to buy back after");

    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset)
    {
        return SignalSource.Of(new Listed(Marks(Entries), Marks(Exits), Marks(ShortEntries), Marks(ShortExits)));

        Line Marks(Parameter parameter) => asset.Marks(configuration.Times(parameter));
    }

    private readonly struct Listed(Line entries, Line exits, Line shortEntries, Line shortExits) : IRule
    {
        public Signal Decide(Prefix bars) =>
            new(
                When(entries, bars, SignalKind.EnterLong)
                    | When(exits, bars, SignalKind.ExitLong)
                    | When(shortEntries, bars, SignalKind.EnterShort)
                    | When(shortExits, bars, SignalKind.ExitShort)
            );

        private static SignalKind When(Line marks, Prefix bars, SignalKind kind) =>
            marks.Now(bars) == 0 ? SignalKind.None : kind;
    }
}
