namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>The values of one line of an indicator over an asset's candles. They can be read through a prefix of the bars only.</summary>
internal readonly struct Line(double[] values)
{
    private readonly double[] _values = values;
}
