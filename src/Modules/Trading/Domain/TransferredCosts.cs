namespace CryptoBeacon.Trading.Domain;

/// <summary>
/// What the deposit of a transfer cost, of which nobody gave a price: the average of where it came from, just before it left. So an average
/// moves with the coins from one portfolio to another, and stays as it was within one.
/// </summary>
internal static class TransferredCosts
{
    /// <param name="ledgers">All movements of one coin in the portfolios that its transfers connect, priced in one currency.</param>
    /// <returns>By trade; those of which the source does not know what all of it cost are absent.</returns>
    public static IReadOnlyDictionary<Guid, decimal> Of(IEnumerable<(Guid PortfolioId, Movement Movement)> ledgers)
    {
        var costs = new Dictionary<Guid, decimal>();
        var holdings = new Dictionary<Guid, Holding>();
        var sent = new List<(string Link, Guid PortfolioId, decimal? Average)>();
        foreach (var (portfolioId, movement) in ledgers.OrderBy(entry => entry.Movement, SourceBeforeTarget))
        {
            var holding = holdings.GetValueOrDefault(portfolioId, Holding.Nothing);
            if (movement is { IsIncoming: false, Link: { } left })
            {
                sent.Add((left, portfolioId, holding.IsCostComplete ? holding.Average : null));
            }

            var cost = IsArrival(movement) ? CostOf(movement.Link!, portfolioId) : movement.UnitPrice;
            if (IsArrival(movement) && cost is { } carried)
            {
                costs[movement.TradeId] = carried;
            }

            if (holding.After(movement with { UnitPrice = cost }) is not { } next)
            {
                // The position itself is refused for it.
                break;
            }

            holdings[portfolioId] = next;
        }

        return costs;

        decimal? CostOf(string link, Guid portfolioId)
        {
            var sources = sent.Where(source => source.Link == link)
                .ToLookup(source => source.PortfolioId == portfolioId);
            var nearest = (sources.Contains(true) ? sources[true] : sources[false]).Take(2).ToArray();
            return nearest is [var source] ? source.Average : null;
        }
    }

    public static bool IsArrival(Movement movement) =>
        movement is { IsIncoming: true, Link: not null, UnitPrice: null };

    // At one instant what leaves is known before it arrives.
    private static readonly IComparer<Movement> SourceBeforeTarget = Comparer<Movement>.Create(
        (one, other) =>
            one.At == other.At && IsArrival(one) != IsArrival(other)
                ? IsArrival(one).CompareTo(IsArrival(other))
                : one.CompareTo(other)
    );
}
