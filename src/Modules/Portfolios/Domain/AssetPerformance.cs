using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Portfolios.Domain;

/// <summary>What a walk knows of one coin. Gains are those of the range; quantity and open cost those of the moment.</summary>
internal sealed class AssetPerformance(string coinId)
{
    private decimal _balance;
    private readonly Total _openCost = new();

    public string CoinId => coinId;

    /// <summary>Held: a shortfall is not.</summary>
    public decimal Quantity => Math.Max(0, _balance);

    /// <summary>Sold, and not acquired yet.</summary>
    public decimal Shortfall => Math.Max(0, -_balance);

    /// <summary>Null when the cost of something that was acquired is not known.</summary>
    public decimal? OpenCost => _openCost.IsComplete ? _openCost.Amount : null;

    public TimeWeighted Index { get; private set; } = new(0);

    public double? IndexAtEnd { get; set; }

    public decimal? Value { get; set; }

    public Total Realized { get; } = new();

    public Total Income { get; } = new();

    public Total Fees { get; } = new();

    public bool HasMoved { get; private set; }

    public decimal? UnrealizedPnl =>
        Quantity == 0 ? 0
        : Value is { } value && OpenCost is { } cost ? Exact.Add(value, -cost)
        : null;

    public void Start(double? value) => Index = new TimeWeighted(value);

    /// <summary>
    /// Takes the step into the position. What of it is sold without being held, or fills that later, moves nothing: the part that moves is the
    /// answer, a ratio.
    /// </summary>
    public double Move(LotStep step)
    {
        var before = Quantity;
        _balance += step.Quantity;
        _openCost.Add(step.OpenCost);
        return step.Quantity == 0 ? 0 : (double)((Quantity - before) / step.Quantity);
    }

    public void Gain(LotStep step)
    {
        HasMoved = true;
        Realized.Add(step.Realized);
        Income.Add(step.Income);
        Fees.Add(step.Fees);
    }

    public double? ValueAt(DateTimeOffset time, IRates rates) =>
        Quantity == 0 ? 0 : (double)Quantity * (double?)rates.At(coinId, time);

    public decimal? WorthAt(DateTimeOffset time, IRates rates) =>
        rates.At(coinId, time) is { } price ? Exact.Estimate(Quantity, price) : null;
}
