namespace CryptoBeacon.Trading.Domain;

/// <summary>The questions that commands put to trades; row-level security leaves the current user's own.</summary>
internal static class TradeSpecs
{
    public sealed class ById : Specification<Trade>
    {
        public ById(Guid id) => Query.Where(trade => trade.Id == id);
    }

    public sealed class Linked : Specification<Trade>
    {
        public Linked(Guid userId, string[] linkIds) =>
            Query.Where(trade => trade.UserId == userId && trade.LinkId != null && linkIds.Contains(trade.LinkId));
    }
}
