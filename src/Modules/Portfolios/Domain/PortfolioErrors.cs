namespace CryptoBeacon.Portfolios.Domain;

internal static class PortfolioErrors
{
    public static readonly Error NotFound = Error.NotFound("portfolio");

    public static readonly Error AssetNotFound = Error.NotFound("asset in this portfolio");

    public static readonly Error HasTrades = Error.Conflict(
        "has_trades",
        "The portfolio has trades, which would be deleted with it. Ask with ?force=true if that is meant."
    );

    public static readonly Error AssetHasTrades = Error.Conflict(
        "has_trades",
        "The asset has no opening balance to delete: what is held of it follows from trades. Delete those instead."
    );

    public static readonly Error DefaultRequired = Error.Conflict(
        "default_required",
        "One portfolio is always the default. Make another one the default and this one ceases to be."
    );

    public static readonly Error HasOpeningBalances = Error.Conflict(
        "has_opening_balances",
        "The opening balances' average buy prices are in the portfolio's present currency. Delete them before changing it."
    );
}
