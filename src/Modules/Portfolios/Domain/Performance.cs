using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Portfolios.Domain;

/// <summary>Where a walk asks for rates. Null: there is none.</summary>
internal interface IRates
{
    decimal? At(string coinId, DateTimeOffset time);
}

/// <param name="Value">Null where a coin that is held has no rate.</param>
/// <param name="Index">Time-weighted, 1 at the start of the range.</param>
internal readonly record struct PerformancePoint(
    DateTimeOffset Time,
    decimal? Value,
    decimal? NetInvested,
    double? Index
);

/// <summary>
/// One walk over the ledger from <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive). A point in time counts the entries before it.
/// </summary>
/// <remarks>
/// netInvested starts as the cost of the lots that are open at <paramref name="from"/>, so that for any range realised gains + income + unrealised gains =
/// value − netInvested. Which rates are asked for does not depend on what they are: a walk over rates that are all unknown collects the questions.
/// </remarks>
internal sealed class Performance(DateTimeOffset from, DateTimeOffset to, IRates rates)
{
    private readonly SortedDictionary<string, AssetPerformance> _assets = new(StringComparer.Ordinal);
    private readonly Dictionary<DateOnly, double> _flows = [];
    private readonly List<PerformancePoint> _points = [];
    private readonly List<Missing> _missing = [];
    private TimeWeighted _index = new(0);
    private bool _isFlowUnknown;

    public IReadOnlyCollection<AssetPerformance> Assets => _assets.Values;

    public IReadOnlyList<PerformancePoint> Points => _points;

    /// <summary>At the end, of the coins that have a rate; null where coins are held and none has one.</summary>
    public decimal? Value { get; private set; }

    public Total NetInvested { get; } = new();

    public double? IndexAtEnd { get; private set; }

    /// <summary>Entries whose amounts can't be said, and sales that nothing was acquired for.</summary>
    public IReadOnlyList<Missing> Missing => _missing;

    /// <summary>Whether anything was ever held or flowed in the range.</summary>
    public bool HasSubstance { get; private set; }

    /// <param name="steps">Those before the end of the range, in the ledger's order.</param>
    /// <param name="grid">Ascending, within the range.</param>
    /// <param name="isIndexed">False where values alone are asked for: a flow then needs no rates.</param>
    public void Walk(IReadOnlyList<LotStep> steps, IReadOnlyList<DateTimeOffset> grid, bool isIndexed = true)
    {
        var next = 0;
        for (; next < steps.Count && steps[next].At < from; next++)
        {
            AssetOf(steps[next]).Move(steps[next]);
        }

        Start(isIndexed);
        var point = 0;
        for (; next < steps.Count; next++)
        {
            for (; point < grid.Count && grid[point] <= steps[next].At; point++)
            {
                AddPoint(grid[point]);
            }

            Enter(steps[next], isIndexed);
        }

        for (; point < grid.Count; point++)
        {
            AddPoint(grid[point]);
        }

        Finish(isIndexed);
    }

    /// <summary>Money-weighted, a ratio a year; null with the reason.</summary>
    public (double? Rate, Unsaid? Reason) MoneyWeighted() =>
        _isFlowUnknown ? (null, Unsaid.Incomplete) : Xirr.Of(_flows.Select(flow => new CashFlow(flow.Key, flow.Value)));

    private void Start(bool isIndexed)
    {
        foreach (var asset in _assets.Values)
        {
            NetInvested.Add(asset.OpenCost);
            asset.Start(isIndexed ? asset.ValueAt(from, rates) : null);
        }

        if (isIndexed)
        {
            var value = ValueAt(from);
            _index = new TimeWeighted(value);
            HasSubstance = value != 0;
            AddFlow(from, -value);
        }
    }

    private void Enter(LotStep step, bool isIndexed)
    {
        HasSubstance = true;
        var asset = AssetOf(step);
        asset.Gain(step);
        NetInvested.Add(step.Invested);
        if (
            step is { Invested: null } or { OpenCost: null } or { Realized: null } or { Income: null } or { Fees: null }
        )
        {
            _missing.Add(new Missing(step.CoinId, MissingInput.Cost, TradeId: step.TradeId));
        }

        if (!isIndexed || FlowOf(step) is not { } flow)
        {
            asset.Move(step);
            return;
        }

        AddFlow(step.At, -flow.Amount);
        if (flow.IsIn)
        {
            var (before, assetBefore) = (ValueAt(step.At), asset.ValueAt(step.At, rates));
            var moved = asset.Move(step);
            _index.FlowsIn(before, flow.Amount * moved);
            asset.Index.FlowsIn(assetBefore, flow.Amount * moved);
        }
        else
        {
            var moved = asset.Move(step);
            _index.FlowsOut(ValueAt(step.At), -flow.Amount * moved);
            asset.Index.FlowsOut(asset.ValueAt(step.At, rates), -flow.Amount * moved);
        }
    }

    /// <summary>
    /// What a step brings in (more than 0) or takes out, null amounts being unknown; null: no flow. Deposits and withdrawals without their other half here
    /// flow at market value, opening balances and trades at what was paid.
    /// </summary>
    private Flow? FlowOf(LotStep step) =>
        step.Kind switch
        {
            LotStepKind.Opening or LotStepKind.Buy => new Flow(true, (double?)step.Invested),
            LotStepKind.Sell => new Flow(false, (double?)step.Invested),
            LotStepKind.Deposit or LotStepKind.Withdrawal when step.IsExternal => new Flow(
                step.Quantity > 0,
                (double?)(rates.At(step.CoinId, step.At) is { } price ? Exact.Estimate(step.Quantity, price) : null)
            ),
            _ => null,
        };

    private void Finish(bool isIndexed)
    {
        var held = _assets.Values.Where(asset => asset.Quantity > 0).ToArray();
        foreach (var asset in held)
        {
            asset.Value = asset.WorthAt(to, rates);
        }

        _missing.AddRange(
            from asset in _assets.Values
            where asset.Shortfall > 0
            select new Missing(asset.CoinId, MissingInput.Acquisition, asset.Shortfall)
        );
        Value = held.Length > 0 && held.All(asset => asset.Value is null) ? null : TotalOf(held);
        if (isIndexed)
        {
            var value = ValueAt(to);
            AddFlow(to, value);
            IndexAtEnd = _index.IndexAt(value);
            foreach (var asset in _assets.Values)
            {
                asset.IndexAtEnd = asset.Index.IndexAt(asset.ValueAt(to, rates));
            }
        }
    }

    private void AddPoint(DateTimeOffset time)
    {
        var held = _assets.Values.Where(asset => asset.Quantity > 0).ToArray();
        var total = new Total();
        foreach (var asset in held)
        {
            total.Add(asset.WorthAt(time, rates));
        }

        _points.Add(
            new PerformancePoint(
                time,
                total.IsComplete ? total.Amount : null,
                NetInvested.Amount,
                _index.IndexAt(ValueAt(time))
            )
        );
    }

    private void AddFlow(DateTimeOffset at, double? amount)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        _isFlowUnknown |= amount is null;
        _flows[day] = _flows.GetValueOrDefault(day) + (amount ?? 0);
    }

    /// <summary>Null when one of the coins has no rate.</summary>
    private double? ValueAt(DateTimeOffset time)
    {
        double? sum = 0;
        foreach (var asset in _assets.Values)
        {
            sum += asset.ValueAt(time, rates);
        }

        return sum;
    }

    private AssetPerformance AssetOf(LotStep step)
    {
        if (!_assets.TryGetValue(step.CoinId, out var asset))
        {
            _assets.Add(step.CoinId, asset = new AssetPerformance(step.CoinId));
        }

        return asset;
    }

    private static decimal? TotalOf(IEnumerable<AssetPerformance> held)
    {
        var total = new Total();
        foreach (var asset in held.Where(asset => asset.Value is not null))
        {
            total.Add(asset.Value);
        }

        return total.Amount;
    }

    /// <param name="Amount">More than 0 in, less than 0 out; null: unknown.</param>
    private readonly record struct Flow(bool IsIn, double? Amount);
}
