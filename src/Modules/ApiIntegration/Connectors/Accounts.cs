using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Connectors;

/// <summary>A key in the clear: in memory, for as long as a call takes.</summary>
internal sealed record Credentials(string ApiKey, string? ApiSecret)
{
    /// <summary>Neither ends up in a log or a message by accident.</summary>
    public override string ToString() => nameof(Credentials);
}

/// <summary>What a key may.</summary>
internal sealed record KeyPermissions
{
    /// <param name="permissions">In the exchange's own words.</param>
    /// <param name="mayWithdraw">Null: the exchange does not tell.</param>
    public KeyPermissions(IReadOnlyList<string> permissions, bool? mayWithdraw)
    {
        Permissions =
            permissions.Count <= ApiKey.MaxPermissions
            && permissions.All(permission => permission.Length is > 0 and <= Rules.MaxNameLength)
                ? permissions
                : throw ProviderJson.Changed("permissions are not a few short words");
        MayWithdraw = mayWithdraw;
    }

    public IReadOnlyList<string> Permissions { get; }

    public bool? MayWithdraw { get; }
}

/// <param name="Asset">As the field calls it: <c>BTC</c>, <c>EUR</c>.</param>
internal sealed record Balance(string Asset, decimal Quantity);

/// <param name="ExternalId">The exchange's id of the fill, the same as in its exported files where those have one; unique in the account.</param>
/// <param name="Asset">What was bought or sold, as the field calls it: <c>BTC</c>.</param>
/// <param name="Currency">What it was paid in, upper-case; a coin's symbol for a coin-for-coin market.</param>
/// <param name="Quantity">Of the asset, more than 0, fee left out.</param>
/// <param name="Total">Paid or received in <paramref name="Currency"/>, fee left out, where the exchange says it: <paramref name="Price"/> may be rounded.</param>
/// <param name="Fee">0 or more, in <paramref name="FeeCurrency"/>; negative: a rebate.</param>
internal sealed record Fill(
    string ExternalId,
    string Asset,
    string Currency,
    FillSide Side,
    decimal Quantity,
    decimal Price,
    decimal? Total,
    decimal Fee,
    string FeeCurrency,
    DateTimeOffset At
);

internal enum FillSide
{
    Buy,
    Sell,
}

/// <param name="Cursor">To be stored with the page's fills: the next page begins after them, now or the next time.</param>
/// <param name="IsLast">There are no more at present.</param>
/// <param name="Progress">How much of the account has been read, 0 to 1; null: nobody knows.</param>
internal sealed record FillPage(IReadOnlyList<Fill> Fills, string Cursor, bool IsLast, decimal? Progress = null);
