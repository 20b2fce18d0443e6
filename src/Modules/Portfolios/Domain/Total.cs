using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Portfolios.Domain;

/// <summary>A sum that knows when it lacks a part, or does not fit 28 digits any more.</summary>
internal sealed class Total
{
    private decimal? _amount = 0;

    /// <summary>Of the parts that are known; null when it does not fit.</summary>
    public decimal? Amount => _amount;

    public bool IsComplete { get; private set; } = true;

    public void Add(decimal? part)
    {
        if (part is not { } known)
        {
            IsComplete = false;
            return;
        }

        _amount = _amount is { } sum ? Exact.Add(sum, known) : null;
        IsComplete &= _amount is not null;
    }
}
