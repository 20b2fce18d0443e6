using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.Watchlists.Domain;

/// <summary>Coins that a user keeps an eye on, in an order of their own.</summary>
[NeverAudited("The table's own trigger leaves the entry, whoever writes the row.")]
internal sealed class Watchlist : Entity, IMayBeDefault
{
    private Watchlist() { }

    public Guid UserId { get; private init; }

    public string Name { get; private set; } = null!;

    public bool IsDefault { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Of the list or any of its items.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The coins of all items, each once.</summary>
    public IReadOnlyList<string> Order { get; private set; } = [];

    /// <summary>A new one is not the default before <see cref="DefaultOf{T}"/> makes it so.</summary>
    public static Watchlist Open(Guid userId, WatchlistInput input, DateTimeOffset now)
    {
        var watchlist = new Watchlist { UserId = userId, CreatedAt = now };
        watchlist.Revise(input, now);
        return watchlist;
    }

    public void Revise(WatchlistInput input, DateTimeOffset now)
    {
        Name = input.Name!;
        UpdatedAt = now;
    }

    public void BecomeDefault(DateTimeOffset now)
    {
        IsDefault = true;
        UpdatedAt = now;
    }

    public void YieldDefault(DateTimeOffset now)
    {
        IsDefault = false;
        UpdatedAt = now;
    }

    /// <summary>A new item comes last.</summary>
    public WatchlistItem Watch(string coinId, WatchlistItemState state, DateTimeOffset now)
    {
        Order = [.. Order, coinId];
        UpdatedAt = now;
        return WatchlistItem.Of(this, coinId, state, now);
    }

    public void Revise(WatchlistItem item, WatchlistItemState state, DateTimeOffset now)
    {
        item.Revise(state);
        UpdatedAt = now;
    }

    public void Unwatch(WatchlistItem item, DateTimeOffset now)
    {
        Order = [.. Order.Where(coinId => coinId != item.CoinId)];
        UpdatedAt = now;
    }

    public bool IsPermutation(IReadOnlyList<string> coinIds) =>
        coinIds.Order(StringComparer.Ordinal).SequenceEqual(Order.Order(StringComparer.Ordinal));

    public void Arrange(IReadOnlyList<string> coinIds, DateTimeOffset now)
    {
        if (!IsPermutation(coinIds))
        {
            throw new InvalidOperationException("An order names each of the list's coins once.");
        }

        Order = coinIds;
        UpdatedAt = now;
    }

    public WatchlistInput ToInput() => new() { Name = Name, IsDefault = IsDefault };
}
