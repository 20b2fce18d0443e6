using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>Tells a played ledger in steps, as performance sums them up.</summary>
internal static class LotSteps
{
    /// <param name="entry">Null: the end of the ledger.</param>
    /// <param name="moves">What it moves, in any portfolio.</param>
    public static IEnumerable<LotStep> Of(LotEntry? entry, IEnumerable<LotMove> moves, Guid portfolioId)
    {
        var own = moves
            .Where(move => move.Entry.PortfolioId == portfolioId)
            .ToLookup(move => move.Entry, ReferenceEqualityComparer.Instance);
        if (entry is not null && entry.PortfolioId == portfolioId)
        {
            foreach (var step in OfEntry(entry, [.. own[entry]]))
            {
                yield return step;
            }
        }

        foreach (var filled in own.Where(moved => !ReferenceEquals(moved.Key, entry)))
        {
            var kind = entry is null ? LotStepKind.Unfilled : LotStepKind.Filled;
            yield return Step(kind, (LotEntry)filled.Key!, quantity: 0, [.. filled]) with
            {
                At = entry?.At ?? ((LotEntry)filled.Key!).At,
                // What a sale brought was taken out when it was sold.
                Invested = MovedCost(filled.Where(move => move.Kind != LotMoveKind.Disposed)),
            };
        }
    }

    private static IEnumerable<LotStep> OfEntry(LotEntry entry, LotMove[] moves)
    {
        var fees = entry.UnknownFee is null ? entry.Fee : (decimal?)null;
        switch (entry.Type)
        {
            case TradeType.Sell:
                yield return Step(LotStepKind.Sell, entry, -entry.Quantity, moves) with
                {
                    Invested = -entry.Proceeds,
                    Fees = fees,
                };
                break;

            case TradeType.Withdrawal:
                if (entry.NetworkFee > 0)
                {
                    var value = new Apportionment(entry.Quantity, entry.Value).Take(entry.NetworkFee);
                    var paid = moves.Where(move => move.Kind == LotMoveKind.Disposed).ToArray();
                    yield return Step(LotStepKind.NetworkFee, entry, -entry.NetworkFee, paid) with
                    {
                        Invested = -value,
                        Fees = value,
                    };
                }

                var sent = moves.Where(move => move.Kind == LotMoveKind.Withdrawn).ToArray();
                yield return Step(LotStepKind.Withdrawal, entry, entry.NetworkFee - entry.Quantity, sent) with
                {
                    Invested = MovedCost(sent),
                    Fees = fees,
                };
                break;

            case TradeType.Income:
                yield return Step(LotStepKind.Income, entry, entry.Quantity, moves) with
                {
                    Invested = fees,
                    Income = entry.Value,
                    Fees = fees,
                };
                break;

            default:
                var kind =
                    entry.TradeId is null ? LotStepKind.Opening
                    : entry.Type == TradeType.Buy ? LotStepKind.Buy
                    : LotStepKind.Deposit;
                yield return Step(kind, entry, entry.Quantity, moves) with
                {
                    Invested = MovedCost(moves),
                    Fees = fees,
                };
                break;
        }
    }

    private static LotStep Step(LotStepKind kind, LotEntry entry, decimal quantity, LotMove[] moves) =>
        new()
        {
            At = entry.At,
            Kind = kind,
            TradeId = entry.TradeId,
            CoinId = entry.CoinId,
            Quantity = quantity,
            Invested = 0,
            OpenCost = MovedCost(moves),
            Realized = Sum(moves.Where(move => move.Kind == LotMoveKind.Disposed).Select(move => move.Gain)),
            Income = 0,
            Fees = 0,
            IsExternal =
                entry.TradeId is not null
                && entry.Type is TradeType.Deposit or TradeType.Withdrawal
                && entry.Transfer is not { IsWithin: true },
        };

    /// <summary>What the moves do to the cost of open lots.</summary>
    private static decimal? MovedCost(IEnumerable<LotMove> moves) =>
        Sum(
            moves.Select(move =>
                move.Kind is LotMoveKind.Acquired or LotMoveKind.Received ? move.Part.Cost : -move.Part.Cost
            )
        );

    private static decimal? Sum(IEnumerable<decimal?> amounts) =>
        amounts.Aggregate((decimal?)0, (sum, amount) => sum is { } s && amount is { } a ? Exact.Sum(s, a) : null);
}
