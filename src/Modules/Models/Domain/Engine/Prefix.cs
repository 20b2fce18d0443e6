namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>
/// The bars of one asset up to the one that has just closed, and the position then: all that a strategy is handed. Series are read through it
/// (<see cref="Indicators.Line"/>), and it reaches no further.
/// </summary>
internal readonly struct Prefix(int last, Position position)
{
    /// <summary>The index of the bar that has just closed.</summary>
    public int Last => last;

    /// <summary>What is held; empty when nothing is.</summary>
    public Position Position => position;
}
