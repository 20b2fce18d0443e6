namespace CryptoBeacon.Watchlists.Domain;

internal static class WatchlistErrors
{
    public static readonly Error NotFound = Error.NotFound("watchlist");

    public static readonly Error ItemNotFound = Error.NotFound("coin on this watchlist");

    public static readonly Error DuplicateCoin = Error.Conflict(
        "duplicate_coin",
        "The coin is on the watchlist already."
    );

    public static readonly Error DefaultRequired = Error.Conflict(
        "default_required",
        "One watchlist is always the default. Make another one the default and this one ceases to be."
    );

    public static readonly Error NoPermutation = Error.Invalid(
        "coinIds",
        "must name each coin of the watchlist exactly once"
    );
}
