namespace CryptoBeacon.Trading.Domain;

/// <summary>What a trade, or an opening balance, does to the position of a coin.</summary>
/// <param name="Quantity">What comes or goes, a fee in the coin itself included; 0 or more.</param>
/// <param name="UnitPrice">In the portfolio's currency, fees left out; null where no rate is known or none is asked for.</param>
internal sealed record Movement(
    Guid TradeId,
    string CoinId,
    DateTimeOffset At,
    bool IsIncoming,
    decimal Quantity,
    decimal? UnitPrice,
    bool IsImported
) : IComparable<Movement>
{
    /// <summary>What ties the withdrawal and the deposit of a transfer.</summary>
    public string? Link { get; init; }

    public decimal Change => IsIncoming ? Quantity : -Quantity;

    /// <summary>The order of the ledger: time, then incoming before outgoing, then id.</summary>
    public int CompareTo(Movement? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byTime = At.CompareTo(other.At);
        if (byTime != 0)
        {
            return byTime;
        }

        var byDirection = other.IsIncoming.CompareTo(IsIncoming);
        return byDirection != 0 ? byDirection : TradeId.CompareTo(other.TradeId);
    }

    /// <summary>One lot, just before the first trade unless dated.</summary>
    public static Movement Opening(string coinId, decimal quantity, decimal? unitCost, DateTimeOffset? acquiredAt) =>
        new(
            Guid.Empty,
            coinId,
            acquiredAt ?? DateTimeOffset.MinValue,
            IsIncoming: true,
            quantity,
            unitCost,
            IsImported: false
        );
}
