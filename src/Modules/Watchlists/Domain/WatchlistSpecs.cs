namespace CryptoBeacon.Watchlists.Domain;

/// <summary>The questions that commands ask. A watchlist's lock is the lock of its items, too.</summary>
internal static class WatchlistSpecs
{
    internal sealed class ById : Specification<Watchlist>
    {
        public ById(Guid userId, Guid id) => Query.Where(w => w.UserId == userId && w.Id == id).ForUpdate();
    }

    internal sealed class ItemsOf : Specification<WatchlistItem>
    {
        public ItemsOf(Guid userId, Guid watchlistId) =>
            Query.Where(i => i.UserId == userId && i.WatchlistId == watchlistId);
    }

    internal sealed class ItemByCoin : Specification<WatchlistItem>
    {
        public ItemByCoin(Guid userId, Guid watchlistId, string coinId) =>
            Query.Where(i => i.UserId == userId && i.WatchlistId == watchlistId && i.CoinId == coinId);
    }
}
