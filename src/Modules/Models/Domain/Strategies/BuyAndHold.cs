using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary><c>buy_and_hold</c>: buys at the first open and holds.</summary>
internal sealed class BuyAndHold() : Strategy("buy_and_hold", "buys at the first open and holds")
{
    public override SignalSource Bind(StrategyConfiguration configuration, AssetView asset) =>
        new Silence { Opening = new Signal(SignalKind.EnterLong) };

    private sealed class Silence : SignalSource
    {
        public override int Next(int from, int to, SignalKind wanted, Position position, out Signal signal)
        {
            signal = Signal.None;
            return to;
        }
    }
}
