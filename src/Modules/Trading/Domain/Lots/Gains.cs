using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>A sum of amounts; null once one of them, or the sum, has no answer in 28 digits.</summary>
internal struct Total()
{
    public decimal? Value { get; private set; } = 0;

    public void Add(decimal? amount) => Value = Value is { } sum && amount is { } more ? Exact.Sum(sum, more) : null;
}

/// <summary>
/// Sums over disposals. One whose gain nobody can say is in none of them, so that gain = proceeds − cost of the same disposals; it is named among
/// the gaps.
/// </summary>
internal sealed class Gains
{
    private Total _proceeds = new();
    private Total _cost = new();
    private Total _gain = new();
    private Total _short = new();
    private Total _long = new();
    private Total _withoutTerm = new();

    public decimal? Proceeds => _proceeds.Value;

    public decimal? Cost => _cost.Value;

    public decimal? Gain => _gain.Value;

    public decimal? ShortTerm => _short.Value;

    public decimal? LongTerm => _long.Value;

    /// <summary>Of a pool, whose lots have no date, or of what nobody knows to have been acquired.</summary>
    public decimal? WithoutTerm => _withoutTerm.Value;

    /// <summary>How many were added.</summary>
    public int Count { get; private set; }

    public void Add(LotMove disposal)
    {
        if (disposal.Gain is not { } gain)
        {
            return;
        }

        Count++;
        _proceeds.Add(disposal.Proceeds);
        _cost.Add(disposal.Part.Cost);
        _gain.Add(gain);
        switch (disposal.Term)
        {
            case Term.Short:
                _short.Add(gain);
                break;
            case Term.Long:
                _long.Add(gain);
                break;
            default:
                _withoutTerm.Add(gain);
                break;
        }
    }
}
