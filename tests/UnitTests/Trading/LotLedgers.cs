using CryptoBeacon.Domain;
using CryptoBeacon.Domain.Values;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Domain.Lots;
using FsCheck;
using FsCheck.Fluent;

namespace CryptoBeacon.UnitTests.Trading;

/// <summary>The vocabulary of tests about lots, and ledgers as FsCheck makes them up.</summary>
internal static class LotLedgers
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly Guid Here = Uuid.New();
    public static readonly Guid There = Uuid.New();

    public static readonly CostBasisMethod[] Methods = Enum.GetValues<CostBasisMethod>();

    public static LotEntry Buy(decimal quantity, decimal? value, int day, decimal fee = 0) =>
        Entry(TradeType.Buy, quantity, value, day) with
        {
            Fee = fee,
        };

    public static LotEntry Sell(decimal quantity, decimal? value, int day, decimal fee = 0) =>
        Entry(TradeType.Sell, quantity, value, day) with
        {
            Fee = fee,
        };

    public static LotEntry Withdraw(decimal quantity, int day, decimal? value = null) =>
        Entry(TradeType.Withdrawal, quantity, value, day);

    public static LotEntry Deposit(decimal quantity, int day, decimal? value = null) =>
        Entry(TradeType.Deposit, quantity, value, day);

    /// <summary>The two halves of a transfer from here to there.</summary>
    public static LotEntry[] Send(decimal sent, decimal received, int day, int arrivalDay, decimal? value = null)
    {
        var deposit = Deposit(received, arrivalDay) with { PortfolioId = There };
        var transfer = new Transfer(deposit.TradeId!.Value, Math.Min(sent, received), IsWithin: false);
        return [Withdraw(sent, day, value) with { Transfer = transfer }, deposit with { Transfer = transfer }];
    }

    public static Played Play(CostBasisMethod method, params IEnumerable<LotEntry> entries)
    {
        var book = new LotBook(_ => method);
        var moves = entries.Order(LedgerOrder).SelectMany(entry => book.Play(entry).ToArray()).ToList();
        moves.AddRange(book.Close());
        return new Played(moves, [.. book.OpenLots]);
    }

    /// <summary>Time, then incoming before outgoing, then id.</summary>
    private static readonly Comparer<LotEntry> LedgerOrder = Comparer<LotEntry>.Create(
        (a, b) =>
            (a.At, !a.Type.IsIncoming(), a.TradeId ?? Guid.Empty).CompareTo(
                (b.At, !b.Type.IsIncoming(), b.TradeId ?? Guid.Empty)
            )
    );

    private static LotEntry Entry(TradeType type, decimal quantity, decimal? value, int day) =>
        new()
        {
            PortfolioId = Here,
            TradeId = Uuid.New(),
            CoinId = "bitcoin",
            Type = type,
            At = Start.AddDays(day),
            Quantity = quantity,
            Value = value,
        };

    /// <summary>Few days, so that many entries share one; quantities and values that leave remainders; more may be sold than was bought.</summary>
    public static Gen<LotEntry> Entries =>
        from day in Gen.Choose(0, 800)
        from type in Gen.Elements(TradeType.Buy, TradeType.Buy, TradeType.Income, TradeType.Sell, TradeType.Withdrawal)
        from units in Gen.Choose(1, 1_000_000)
        from scale in Gen.Elements(1m, 1_000m, 1_000_000_000_000_000_000m)
        from cents in Gen.Choose(0, 9_999_999)
        from fee in Gen.Choose(0, 999)
        select Entry(type, units / scale, cents / 100m, day / 20) with
        {
            Fee = fee / 1000m,
        };
}

internal sealed record Played(
    IReadOnlyList<LotMove> Moves,
    IReadOnlyList<(Guid PortfolioId, string CoinId, LotPart Lot)> Open
)
{
    public IReadOnlyList<LotMove> Disposals => [.. Moves.Where(move => move.Kind == LotMoveKind.Disposed)];

    public IEnumerable<(decimal Quantity, decimal? Cost, decimal? Gain)> Gains =>
        Disposals.Select(disposal => (disposal.Part.Quantity, disposal.Part.Cost, disposal.Gain));

    public decimal Sum(LotMoveKind kind, Func<LotMove, decimal?> amount) =>
        Moves.Where(move => move.Kind == kind).Sum(amount) ?? 0;

    public decimal OpenQuantity => Open.Sum(open => open.Lot.Quantity);

    public decimal OpenCost => Open.Sum(open => open.Lot.Cost ?? 0);
}
