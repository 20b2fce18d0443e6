using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <param name="Of">What the verdict is on.</param>
internal sealed record Inspection(Credentials Of, KeyVerdict Verdict);

/// <summary>Asks exchanges what a key may do before it is kept. Outside of transactions, and not for long: somebody waits.</summary>
internal sealed class KeyInspector(
    ExchangeAccounts accounts,
    ConnectorCatalog connectors,
    AccountAsks asks,
    ICurrentUser user,
    TimeProvider clock
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Refused where the exchange says that the key may withdraw, or that it knows no such key, and where it can be asked later alone: what is let in
    /// unchecked is what nobody can be asked about.
    /// </summary>
    /// <param name="input">Validated.</param>
    public async Task<Result<Inspection>> InspectAsync(ApiKeyInput input, CancellationToken cancellationToken)
    {
        var credentials = new Credentials(input.ApiKey!, input.ApiSecret);
        if (await accounts.FindProviderAsync(input.ProviderId!.Value, cancellationToken) is not { } provider)
        {
            return Error.Invalid("providerId", "is no provider");
        }

        if (connectors.Find<IKeyedConnector>(provider.ProviderName) is not { } connector)
        {
            return new Inspection(credentials, KeyVerdict.Unchecked);
        }

        if (credentials.ApiSecret is null)
        {
            return Error.Invalid("apiSecret", $"is required: keys of {provider.ProviderName} come with a secret");
        }

        if (!provider.IsActive || input.IsActive is false)
        {
            return new Inspection(credentials, KeyVerdict.Unchecked);
        }

        if (asks.RefusalFor(user.Id) is { } refusal)
        {
            return refusal;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var api = connectors.Open(provider.ToSite(), new Caller(user.Id, ApiKeyId: null));
            var permissions = await connector.CheckAsync(api, credentials, limit.Token);
            return permissions.MayWithdraw is true
                ? ApiErrors.MayWithdraw
                : new Inspection(
                    credentials,
                    new KeyVerdict(IsChecked: permissions.MayWithdraw is false, permissions.Permissions)
                );
        }
        catch (ConnectorException exception) when (exception.Fault == ConnectorFault.InvalidKey)
        {
            return Error.Invalid(exception.IsOfSecret ? "apiSecret" : "apiKey", exception.Message);
        }
        catch (ConnectorException exception) when (exception.Fault == ConnectorFault.RateLimited)
        {
            return ExchangeFaults.ToTooMany(exception, clock.UtcNow());
        }
        catch (Exception exception)
            when (exception is ConnectorException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            return new Inspection(credentials, KeyVerdict.Unchecked);
        }
    }
}
