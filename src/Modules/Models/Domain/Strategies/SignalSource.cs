using CryptoBeacon.Models.Domain.Engine;

namespace CryptoBeacon.Models.Domain.Strategies;

/// <summary>What turns a prefix of an asset's bars into a signal. A structure, so that the walk over the bars is compiled for it.</summary>
internal interface IRule
{
    Signal Decide(Prefix bars);
}

/// <summary>A strategy at work on one asset: walks along the bars and stops where it says something.</summary>
internal abstract class SignalSource
{
    /// <summary>Said before the first bar, from no data: filled at the first open.</summary>
    public Signal Opening { get; init; }

    public static SignalSource Of<TRule>(TRule rule, Signal opening = default)
        where TRule : struct, IRule => new Walk<TRule>(rule) { Opening = opening };

    /// <param name="from">The first bar to decide on.</param>
    /// <param name="to">The bar after the last.</param>
    /// <param name="wanted">Signals that can matter now; others are walked past.</param>
    /// <param name="position">Stays as it is along the way.</param>
    /// <returns>The bar on whose close <paramref name="signal"/> is given; <paramref name="to"/> when there is none.</returns>
    public abstract int Next(int from, int to, SignalKind wanted, Position position, out Signal signal);

    private sealed class Walk<TRule>(TRule rule) : SignalSource
        where TRule : struct, IRule
    {
        private readonly TRule _rule = rule;

        public override int Next(int from, int to, SignalKind wanted, Position position, out Signal signal)
        {
            var decision = _rule;
            for (var bar = from; bar < to; bar++)
            {
                var said = decision.Decide(new Prefix(bar, position));
                if (said.Has(wanted))
                {
                    signal = said;
                    return bar;
                }
            }

            signal = Signal.None;
            return to;
        }
    }
}
