namespace CryptoBeacon.Trading.Domain;

/// <summary>What a command has done to the trades of one portfolio: an amendment removes a movement and adds another.</summary>
internal sealed record LedgerChange(IReadOnlyCollection<Movement> Removed, IReadOnlyCollection<Movement> Added)
{
    public static LedgerChange Adding(IReadOnlyCollection<Movement> added) => new([], added);

    public static LedgerChange Removing(IReadOnlyCollection<Movement> removed) => new(removed, []);

    public IReadOnlyCollection<string> CoinIds { get; } =
    [.. Removed.Concat(Added).Select(movement => movement.CoinId).Distinct()];

    /// <summary>The ledger of a coin as it was before the change, from what it is after it.</summary>
    public Movement[] Undo(string coinId, IEnumerable<Movement> after)
    {
        var added = Added.Select(movement => movement.TradeId).ToHashSet();
        return
        [
            .. after
                .Where(movement => !added.Contains(movement.TradeId))
                .Concat(Removed.Where(movement => movement.CoinId == coinId))
                .Order(),
        ];
    }
}
