namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>Simulated trades as they end, and the sums from which measures follow.</summary>
/// <remarks>The deviation is kept up by Welford's method: Note on a method for calculating corrected sums of squares and products, Technometrics 4 (1962).</remarks>
/// <param name="kept">Where the trades themselves are kept; null where nobody wants more than their measures.</param>
internal sealed class TradeBook(List<SimulatedTrade>? kept)
{
    // Equal amounts leave rounding errors.
    private const double Noise = 1e-12;

    private double _mean;
    private double _squares;

    public int Count { get; private set; }

    public int Winners { get; private set; }

    /// <summary>Of the winners' pnl.</summary>
    public double Gains { get; private set; }

    /// <summary>Of the losers' pnl, more than 0.</summary>
    public double Losses { get; private set; }

    public double Returns { get; private set; }

    public double Best { get; private set; } = double.NegativeInfinity;

    public double Worst { get; private set; } = double.PositiveInfinity;

    /// <summary>Of pnl.</summary>
    public double Mean => (Gains - Losses) / Count;

    /// <summary>Of pnl (n−1).</summary>
    public double Deviation =>
        Math.Sqrt(_squares / (Count - 1)) is var deviation && deviation > Noise * Math.Abs(Mean) ? deviation : 0;

    public void Add(in SimulatedTrade trade)
    {
        Count++;
        Winners += trade.Pnl > 0 ? 1 : 0;
        Gains += Math.Max(trade.Pnl, 0);
        Losses += Math.Max(-trade.Pnl, 0);
        Returns += trade.ReturnRatio;
        (Best, Worst) = (Math.Max(Best, trade.ReturnRatio), Math.Min(Worst, trade.ReturnRatio));
        var apart = trade.Pnl - _mean;
        _mean += apart / Count;
        _squares += apart * (trade.Pnl - _mean);
        kept?.Add(trade);
    }
}
