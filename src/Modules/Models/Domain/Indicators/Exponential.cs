namespace CryptoBeacon.Models.Domain.Indicators;

/// <summary>An exponential average, value by value: NaN until it has as many as its length, then from their simple average on.</summary>
internal struct Exponential(int length)
{
    private readonly double _factor = 2.0 / (length + 1);
    private int _count;
    private double _sum;
    private double _last;

    public double Next(double value)
    {
        if (_count < length)
        {
            _count++;
            _sum += value;
            _last = _sum / length;
            return _count < length ? double.NaN : _last;
        }

        return _last = Smooth(_last, value);
    }

    public readonly double Smooth(double last, double value) => last + (_factor * (value - last));
}
