namespace CryptoBeacon.Domain.Values;

/// <summary>
/// The four prices that a candle tells of, in the order in which they most likely came: one that rose was at its low first, one that fell at its high. For
/// whatever reads candles as if they were prices.
/// </summary>
public static class PricePath
{
    public static (decimal First, decimal Second, decimal Third, decimal Last) Of(
        decimal open,
        decimal high,
        decimal low,
        decimal close
    ) => close >= open ? (open, low, high, close) : (open, high, low, close);
}
