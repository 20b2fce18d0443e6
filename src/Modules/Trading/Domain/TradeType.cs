namespace CryptoBeacon.Trading.Domain;

internal enum TradeType
{
    Buy,
    Sell,
    Deposit,
    Withdrawal,
    Income,
}

internal static class TradeTypes
{
    /// <summary>Whether it brings the coin; the others take it.</summary>
    public static bool IsIncoming(this TradeType type) =>
        type is TradeType.Buy or TradeType.Deposit or TradeType.Income;
}
