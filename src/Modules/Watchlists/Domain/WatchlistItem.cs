using CryptoBeacon.Application.Audit;
using CryptoBeacon.Application.Contracts.Alerts;

namespace CryptoBeacon.Watchlists.Domain;

/// <summary>A coin on a watchlist.</summary>
[NeverAudited("The table's own trigger leaves the entry, whoever writes the row.")]
internal sealed class WatchlistItem : Entity
{
    private WatchlistItem() { }

    public Guid WatchlistId { get; private init; }

    public Guid UserId { get; private init; }

    public string CoinId { get; private init; } = null!;

    public DateTimeOffset AddedAt { get; private init; }

    public string? Notes { get; private set; }

    /// <summary>What the user has asked for; the alerts that come of it live in Alerts.</summary>
    public IReadOnlyList<CustomAlert> CustomAlerts { get; private set; } = [];

    internal static WatchlistItem Of(Watchlist watchlist, string coinId, WatchlistItemState state, DateTimeOffset now)
    {
        var item = new WatchlistItem
        {
            WatchlistId = watchlist.Id,
            UserId = watchlist.UserId,
            CoinId = coinId,
            AddedAt = now,
        };
        item.Revise(state);
        return item;
    }

    internal void Revise(WatchlistItemState state)
    {
        Notes = state.Notes;
        CustomAlerts = state.CustomAlerts ?? [];
    }

    public WatchlistItemState ToState() => new() { Notes = Notes, CustomAlerts = CustomAlerts };
}
