namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>
/// Prices that move as if traded, as a function of the time alone: smooth noise in octaves, each four times as slow and twice as high as the one before.
/// That looks like a random walk, and stays near its anchor for ever.
/// </summary>
internal static class RandomWalk
{
    private const int Octaves = 9;
    private const int SignificantDigits = 6;

    /// <summary>How much the fastest octave moves, relative to the price.</summary>
    private const double Volatility = 0.0006;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    /// <param name="seed">Another walk for each.</param>
    /// <param name="anchor">What the price keeps near; more than 0.</param>
    /// <param name="nervousness">1 for a coin, less for what hardly moves.</param>
    public static decimal PriceAt(int seed, decimal anchor, double nervousness, DateTimeOffset at)
    {
        var steps = (double)(at - DateTimeOffset.UnixEpoch).Ticks / Step.Ticks;
        var logarithm = Enumerable
            .Range(0, Octaves)
            .Sum(octave => Volatility * Math.Pow(2, octave) * NoiseAt(seed, octave, steps / Math.Pow(4, octave)));
        return Round((double)anchor * Math.Exp(nervousness * logarithm));
    }

    /// <summary>From −1 to 1: random at whole numbers, and smooth in between.</summary>
    private static double NoiseAt(int seed, int octave, double position)
    {
        var whole = Math.Floor(position);
        var part = position - whole;
        var (before, after) = (Random(seed, octave, (long)whole), Random(seed, octave, (long)whole + 1));
        return before + ((after - before) * part * part * (3 - (2 * part)));
    }

    /// <summary>The same everywhere. Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).</summary>
    private static double Random(int seed, int octave, long position)
    {
        var mixed = unchecked((ulong)((position * Octaves) + octave + ((long)seed << 40)) * 0x9E3779B97F4A7C15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return ((mixed ^ (mixed >> 31)) / (double)ulong.MaxValue * 2) - 1;
    }

    private static decimal Round(double price)
    {
        var decimals = Math.Clamp(SignificantDigits - 1 - (int)Math.Floor(Math.Log10(price)), 0, 15);
        return (decimal)Math.Round(price, decimals, MidpointRounding.ToEven);
    }
}
