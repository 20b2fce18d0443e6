namespace CryptoBeacon.Alerts.Domain;

internal static class AlertErrors
{
    public static readonly Error NotFound = Error.NotFound("alert");

    public static readonly Error FiringNotFound = Error.NotFound("firing");

    public static readonly Error Expired = Error.Conflict(
        "expired",
        "The alert has expired; give it a new expiresAt first."
    );

    public static readonly Error BelongsToWatchlist = Error.Conflict(
        "belongs_to_watchlist",
        "The alert lives with a watchlist's item; change the item's customAlerts instead."
    );
}
