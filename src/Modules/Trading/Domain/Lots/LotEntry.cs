using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>One entry of the ledger, its amounts in the one currency that gains are asked in.</summary>
internal sealed record LotEntry
{
    public required Guid PortfolioId { get; init; }

    /// <summary>Null: an opening balance.</summary>
    public required Guid? TradeId { get; init; }

    public required string CoinId { get; init; }

    /// <summary>A fee that is taken out of a third coin is a sale of that coin.</summary>
    public required TradeType Type { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What comes or goes, a fee in the coin itself included.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Of the trade, fee left out; null where it is not known.</summary>
    public decimal? Value { get; init; }

    /// <summary>In money; what was paid in the traded coin is in the quantity.</summary>
    public decimal Fee { get; init; }

    /// <summary>A fee of which nobody knows what it was worth: it is left out.</summary>
    public Gap? UnknownFee { get; init; }

    /// <summary>When what comes was acquired, where that was not now.</summary>
    public DateTimeOffset? AcquiredAt { get; init; }

    /// <summary>The other half of a deposit from, or a withdrawal to, one's own.</summary>
    public Transfer? Transfer { get; init; }

    /// <summary>A fee that was taken out of a third coin: no trade of its own.</summary>
    public bool IsFee { get; init; }

    public string? Exchange { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public decimal? Cost => Value is { } value ? Exact.Sum(value, Fee) : null;

    public decimal? Proceeds => Value is { } value ? Exact.Sum(value, -Fee) : null;

    /// <summary>What a transfer costs on its way.</summary>
    public decimal NetworkFee => Transfer is { } transfer ? Math.Max(Quantity - transfer.Quantity, 0) : 0;
}

/// <summary>Between one's own wallets.</summary>
/// <param name="DepositId">The trade with which it arrives, by which both halves know each other.</param>
/// <param name="Quantity">What both halves have: less arrives than leaves by the network's fee.</param>
/// <param name="IsWithin">Both halves are in one portfolio, which it neither enters nor leaves.</param>
internal sealed record Transfer(Guid DepositId, decimal Quantity, bool IsWithin);
