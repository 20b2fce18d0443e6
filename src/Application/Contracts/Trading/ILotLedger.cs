namespace CryptoBeacon.Application.Contracts.Trading;

/// <summary>
/// The ledger of one portfolio as lots see it: what each entry does to quantity, invested money, open cost, gains, income and fees. All of the
/// current user alone.
/// </summary>
public interface ILotLedger
{
    /// <summary>In one pass from the first entry to those at <paramref name="until"/>, in the ledger's order, streamed; at the end what is unfilled.</summary>
    /// <param name="currency">What all amounts are in, each converted at its own time; null: the portfolio's.</param>
    /// <param name="method">fifo, lifo, hifo or average; null: the portfolio's.</param>
    IAsyncEnumerable<LotStep> StepsAsync(
        Guid portfolioId,
        string? currency,
        string? method,
        DateTimeOffset until,
        CancellationToken cancellationToken
    );
}

/// <summary>
/// What one entry of the ledger does to one coin. The sums over all steps up to a time keep
/// <c>Σ realized + Σ income = Σ open cost − Σ invested</c>, unless something is unknown, so that with a
/// value for what is open <c>realized + income + unrealized = value − invested</c>.
/// </summary>
/// <remarks>
/// An amount that can't be said (no rate, a deposit whose cost nobody gave) is null and names itself by coin and trade. A sale of more than is
/// held realises the part that has a lot; the rest follows in a step at the time of the acquisition that fills it.
/// </remarks>
public sealed record LotStep
{
    /// <summary>Never earlier than the step before, but of what is unfilled at the end, which comes last.</summary>
    public required DateTimeOffset At { get; init; }

    public required LotStepKind Kind { get; init; }

    /// <summary>Null: an opening balance.</summary>
    public Guid? TradeId { get; init; }

    public required string CoinId { get; init; }

    /// <summary>How the position changes: a fee in the coin itself is in it.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>How netInvested changes: buys and fees, minus sales and their fees, transfers and deposits at lot cost.</summary>
    public decimal? Invested { get; init; }

    /// <summary>How the cost of open lots changes.</summary>
    public decimal? OpenCost { get; init; }

    public decimal? Realized { get; init; }

    public decimal? Income { get; init; }

    /// <summary>In money, whoever they were paid to; a fee in the traded coin is none, it is in the quantity.</summary>
    public decimal? Fees { get; init; }

    /// <summary>A deposit or a withdrawal without its other half in this portfolio: a flow at market value.</summary>
    public bool IsExternal { get; init; }
}

public enum LotStepKind
{
    /// <summary>An opening balance: a flow in at its cost.</summary>
    Opening,
    Buy,

    /// <summary>Also a fee that was taken out of a third coin.</summary>
    Sell,
    Income,
    Deposit,
    Withdrawal,

    /// <summary>A transfer's network fee: disposed of at its value, with no money received.</summary>
    NetworkFee,

    /// <summary>An acquisition fills what was sold before: it is cost at once, and changes no quantity.</summary>
    Filled,

    /// <summary>Nothing has filled it up to the end of the ledger: a gain at the time of its sale, of which the cost is 0.</summary>
    Unfilled,
}
