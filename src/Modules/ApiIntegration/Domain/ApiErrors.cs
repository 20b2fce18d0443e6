namespace CryptoBeacon.ApiIntegration.Domain;

internal static class ApiErrors
{
    public static readonly Error NoProvider = Error.NotFound("provider");

    public static readonly Error ProviderHasKeys = Error.Conflict(
        "provider_has_keys",
        "Keys were added for this provider: it can be deactivated, not deleted."
    );

    public static readonly Error NameIsTaken = Error.Conflict(
        "name_taken",
        "The name is another provider's: names differ in more than case."
    ) with
    {
        Details = new Dictionary<string, object?>
        {
            ["errors"] = new Dictionary<string, string[]> { ["name"] = ["is another provider's, whatever its case"] },
        },
    };

    public static readonly Error NoKey = Error.NotFound("API key");

    public static readonly Error NoRun = Error.NotFound("sync run");

    public static readonly Error NoPortfolio = Error.NotFound("portfolio");

    public static readonly Error Inactive = Error.Conflict(
        "inactive",
        "The key or its provider is not active, so it is not used."
    );

    public static readonly Error NoConnector = Error.Conflict(
        "no_connector",
        "Accounts of this provider can't be asked: nobody has taught this server to speak to it."
    );

    public static readonly Error Cancelled = Error.Conflict("cancelled", "It was cancelled.");

    public static readonly Error RunHasEnded = Error.Conflict(
        "already_ended",
        "The sync has ended; what it brought is undone by deleting its import."
    );

    public static readonly Error MayWithdrawAfterAll = Error.Conflict(
        "withdraw_permission",
        "The exchange says that this key may withdraw: it has been taken out of use. Put one in its place that may only read."
    );

    public static readonly Error MayWithdraw = new(
        ErrorKind.Invalid,
        "withdraw_permission",
        "The exchange says that this key may withdraw. Make one there that may only read."
    )
    {
        Fields = new Dictionary<string, string[]> { ["apiKey"] = ["may withdraw; give one that may only read"] },
    };
}
