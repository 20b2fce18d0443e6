using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Models.Domain;

/// <summary>
/// How results that were computed in binary become decimals. Of sixteen digits a difference or a ratio has lost the last few, and to print them would be noise (−0.0519500000000001): what
/// is computed has twelve significant digits, half-even. Prices and quantities keep the fifteen that binary numbers hold for sure, so that a price stays the candle's.
/// </summary>
internal static class Significant
{
    /// <summary>For docs and the catalogue.</summary>
    public const int Digits = 12;

    /// <summary>Null when it is no number or does not fit.</summary>
    public static decimal? Of(double? value)
    {
        if (Exact.Estimate(value) is not { } known)
        {
            return null;
        }

        var whole = known == 0 ? 0 : (int)Math.Floor(Math.Log10((double)Math.Abs(known))) + 1;
        if (whole <= Digits)
        {
            return decimal.Round(known, Math.Min(Digits - whole, Exact.MaxDecimals));
        }

        var unit = (decimal)Math.Pow(10, whole - Digits);
        return decimal.Round(known / unit) * unit;
    }
}
