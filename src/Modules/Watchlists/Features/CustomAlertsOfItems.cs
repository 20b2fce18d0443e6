using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Watchlists.Domain;

namespace CryptoBeacon.Watchlists.Features;

/// <summary>An item is where its alerts come from.</summary>
internal static class CustomAlertsOfItems
{
    public static Task<Result> FollowAsync(
        this ICustomAlerts alerts,
        WatchlistItem item,
        CancellationToken cancellationToken
    ) => alerts.ReplaceAsync(item.Id, item.CoinId, item.CustomAlerts, cancellationToken);

    public static Task<Result> EndAsync(
        this ICustomAlerts alerts,
        WatchlistItem item,
        CancellationToken cancellationToken
    ) => alerts.ReplaceAsync(item.Id, item.CoinId, [], cancellationToken);
}
