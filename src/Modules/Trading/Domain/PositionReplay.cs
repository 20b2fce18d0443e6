namespace CryptoBeacon.Trading.Domain;

/// <summary>The ledger of one coin in one portfolio, played from its beginning. Movements are in the ledger's order.</summary>
internal static class PositionReplay
{
    /// <summary>Null when the balance does not fit 28 digits somewhere on the way.</summary>
    public static Holding? Run(IEnumerable<Movement> movements)
    {
        var holding = Holding.Nothing;
        foreach (var movement in movements)
        {
            if (holding.After(movement) is not { } next)
            {
                return null;
            }

            holding = next;
        }

        return holding;
    }

    /// <summary>
    /// Where a change of the ledger first leaves less than nothing, and less than was there before it; null where it never does. A shortfall
    /// that was recorded already does not stand in the way of what does not deepen it.
    /// </summary>
    public static Movement? FirstShortage(IReadOnlyList<Movement> before, IReadOnlyList<Movement> after)
    {
        var (balanceBefore, balanceAfter) = (0m, 0m);
        for (int i = 0, j = 0; i < before.Count || j < after.Count; )
        {
            var order =
                i == before.Count ? 1
                : j == after.Count ? -1
                : before[i].CompareTo(after[j]);
            var movement = order <= 0 ? before[i] : after[j];
            balanceBefore += order <= 0 ? before[i++].Change : 0;
            balanceAfter += order >= 0 ? after[j++].Change : 0;
            if (balanceAfter < Math.Min(0, balanceBefore))
            {
                return movement;
            }
        }

        return null;
    }

    /// <summary>The first sale by hand of more than was held; imports may record such.</summary>
    public static Movement? FirstManualShortage(IEnumerable<Movement> movements)
    {
        var balance = 0m;
        foreach (var movement in movements)
        {
            balance += movement.Change;
            if (balance < 0 && movement is { IsIncoming: false, IsImported: false })
            {
                return movement;
            }
        }

        return null;
    }

    /// <summary>
    /// The new disposals that a ledger can't bear, when they are taken one after the other in its order and all new acquisitions are there.
    /// </summary>
    public static IReadOnlySet<Guid> Unaffordable(IReadOnlyList<Movement> existing, IReadOnlyList<Movement> added)
    {
        var isNew = added.Select(movement => movement.TradeId).ToHashSet();
        var all = existing.Concat(added).Order().ToArray();

        // How far the balance may fall from each movement on without a shortage that was not there before.
        var room = new decimal[all.Length];
        var (before, offered) = (0m, 0m);
        for (var i = 0; i < all.Length; i++)
        {
            var existed = !isNew.Contains(all[i].TradeId);
            before += existed ? all[i].Change : 0;
            offered += existed || all[i].IsIncoming ? all[i].Change : 0;
            room[i] = offered - Math.Min(0, before);
        }

        for (var i = all.Length - 2; i >= 0; i--)
        {
            room[i] = Math.Min(room[i], room[i + 1]);
        }

        var taken = 0m;
        var refused = new HashSet<Guid>();
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i].IsIncoming || !isNew.Contains(all[i].TradeId))
            {
                continue;
            }

            if (room[i] - taken >= all[i].Quantity)
            {
                taken += all[i].Quantity;
            }
            else
            {
                refused.Add(all[i].TradeId);
            }
        }

        return refused;
    }
}
