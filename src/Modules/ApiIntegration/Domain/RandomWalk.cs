namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>
/// Prices that move as if traded: a mean-reverting geometric random walk (Ornstein–Uhlenbeck on the logarithm), the same for the same seed.
/// </summary>
internal sealed class RandomWalk(int seed)
{
    /// <summary>Standard deviation of one step's relative change.</summary>
    private const double Volatility = 0.0006;

    /// <summary>How much of the way back to the anchor a step goes, so that prices stay believable for years.</summary>
    private const double Reversion = 0.0005;

    private const int SignificantDigits = 6;

    private readonly Random _random = new(seed);

    /// <param name="price">The price before; more than 0.</param>
    /// <param name="anchor">What the price keeps near.</param>
    /// <param name="nervousness">1 for a coin, less for what hardly moves.</param>
    public decimal Step(decimal price, decimal anchor, double nervousness)
    {
        var pull = Reversion * Math.Log((double)(anchor / price));
        var moved = (double)price * Math.Exp(pull + (Volatility * nervousness * NextGaussian()));
        return Round(moved);
    }

    /// <summary>Box and Muller, "A Note on the Generation of Random Normal Deviates" (1958).</summary>
    private double NextGaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private static decimal Round(double price)
    {
        var decimals = Math.Clamp(SignificantDigits - 1 - (int)Math.Floor(Math.Log10(price)), 0, 15);
        return (decimal)Math.Round(price, decimals, MidpointRounding.ToEven);
    }
}
