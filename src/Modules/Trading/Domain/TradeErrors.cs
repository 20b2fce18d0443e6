namespace CryptoBeacon.Trading.Domain;

internal static class TradeErrors
{
    public static readonly Error NoTrade = Error.NotFound("trade");
    public static readonly Error NoPortfolio = Error.NotFound("portfolio");
    public static readonly Error NoImport = Error.NotFound("import");

    public static readonly Error Duplicate = Error.Conflict(
        "duplicate_trade",
        "The portfolio has a trade with this externalId of this exchange already."
    );

    public static readonly Error ConcurrentChange = Error.Conflict(
        "concurrent_change",
        "The trade was changed at the same moment; read it again and retry."
    );

    public static Error Insufficient(Movement shortage) =>
        Error.Conflict(
            "insufficient_quantity",
            $"On {UtcTime.Format(shortage.At)} less {shortage.CoinId} would be held than is sold."
        ) with
        {
            Details = new Dictionary<string, object?> { ["tradeId"] = shortage.TradeId, ["coinId"] = shortage.CoinId },
        };

    public static Error NotHeld(string coinId) =>
        Error.Conflict("insufficient_quantity", $"Less {coinId} is held than would be sold.");

    public static Error LaterTradesNeedIt(Movement shortage) =>
        Error.Conflict(
            "later_trades_need_it",
            $"Without this import less {shortage.CoinId} would be held on {UtcTime.Format(shortage.At)} than is sold."
        );

    public static Error PositionTooLarge(string coinId) =>
        Error.Invalid("quantity", $"makes the position in {coinId} longer than 28 significant digits");
}
