using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>What it takes to call a provider with a key.</summary>
/// <param name="SealedKey">As it is stored: what is learnt of a key is not to be noted of the one that has taken its place.</param>
/// <param name="IsChecked">The exchange has said that it can't withdraw.</param>
internal sealed record ExchangeAccount<TConnector>(
    TConnector Connector,
    ProviderApi Api,
    Credentials Credentials,
    string SealedKey,
    bool IsChecked
);

/// <summary>Puts the current user's keys, their providers and the connectors to these together. Outside of transactions: exchanges take their time.</summary>
internal sealed class ExchangeAccounts(
    IReadDatabase reads,
    IAutoCommitDatabase notes,
    ConnectorCatalog connectors,
    KeySeal seal,
    ICurrentUser user,
    TimeProvider clock
)
{
    /// <summary>
    /// Of a key that may be used: one that was kept unchecked is asked about first, and taken out of use where the exchange says that it may withdraw.
    /// </summary>
    /// <exception cref="ConnectorException">The exchange could not be asked.</exception>
    public async Task<Result<ExchangeAccount<TConnector>>> OpenCheckedAsync<TConnector>(
        Guid keyId,
        CancellationToken cancellationToken
    )
        where TConnector : class, IKeyedConnector
    {
        var opened = await OpenAsync<TConnector>(keyId, cancellationToken);
        return
            opened.IsSuccess
            && opened.Value is { IsChecked: false, Connector.TellsOfWithdrawals: true } account
            && (await CheckAsync(keyId, account, cancellationToken)).MayWithdraw is true
            ? ApiErrors.MayWithdrawAfterAll
            : opened;
    }

    /// <summary>Asks what a key may do. One that may withdraw would not have been taken in, had the exchange been asked then: it is used no more.</summary>
    public async Task<KeyPermissions> CheckAsync<TConnector>(
        Guid keyId,
        ExchangeAccount<TConnector> account,
        CancellationToken cancellationToken
    )
        where TConnector : class, IKeyedConnector
    {
        var says = await account.Connector.CheckAsync(account.Api, account.Credentials, cancellationToken);
        await notes.QueryAsync<Guid>(
            """
            update api_integration.api_keys
            set permissions_checked = @mayNot, permissions = coalesce(permissions, @permissions),
                is_active = is_active and not @may, updated_at = case when @may then @now else updated_at end
            where user_id = @userId and id = @keyId and api_key = @SealedKey
            returning id
            """,
            new
            {
                userId = user.Id,
                keyId,
                account.SealedKey,
                may = says.MayWithdraw is true,
                mayNot = says.MayWithdraw is false,
                permissions = says.Permissions.ToArray(),
                now = clock.UtcNow(),
            },
            cancellationToken
        );
        return says;
    }

    /// <summary>Notes that the key is used.</summary>
    public async Task<Result<ExchangeAccount<TConnector>>> OpenAsync<TConnector>(
        Guid keyId,
        CancellationToken cancellationToken
    )
        where TConnector : class, IKeyedConnector
    {
        var row = await reads.QuerySingleOrDefaultAsync<KeyRow>(
            $"""
            select key.api_key, key.api_secret, key.permissions_checked, key.is_active and provider.is_active as is_active, {SiteRow.Columns}
            from api_integration.api_keys key
            join api_integration.api_providers provider on provider.id = key.provider_id
            where key.user_id = @userId and key.id = @keyId
            """,
            new { userId = user.Id, keyId },
            cancellationToken
        );
        if (row is null)
        {
            return ApiErrors.NoKey;
        }

        if (!row.IsActive)
        {
            return ApiErrors.Inactive;
        }

        if (connectors.Find<TConnector>(row.ProviderName) is not { } connector)
        {
            return ApiErrors.NoConnector;
        }

        await notes.QueryAsync<Guid>(
            "update api_integration.api_keys set last_used = @now where id = @keyId and user_id = @userId returning id",
            new
            {
                userId = user.Id,
                keyId,
                now = clock.UtcNow(),
            },
            cancellationToken
        );
        return new ExchangeAccount<TConnector>(
            connector,
            connectors.Open(row.ToSite(), new Caller(user.Id, keyId)),
            new Credentials(
                seal.Open(row.ApiKey, KeySeal.Key, keyId),
                row.ApiSecret is { } secret ? seal.Open(secret, KeySeal.Secret, keyId) : null
            ),
            row.ApiKey,
            row.PermissionsChecked
        );
    }

    /// <summary>A provider, for a key that is not stored yet; null: there is none.</summary>
    public Task<ProviderRow?> FindProviderAsync(Guid providerId, CancellationToken cancellationToken) =>
        reads.QuerySingleOrDefaultAsync<ProviderRow>(
            $"select {SiteRow.Columns}, provider.is_active from api_integration.api_providers provider where provider.id = @providerId",
            new { providerId },
            cancellationToken
        );

    internal record ProviderRow : SiteRow
    {
        public required bool IsActive { get; init; }
    }

    private sealed record KeyRow : ProviderRow
    {
        public required string ApiKey { get; init; }

        public string? ApiSecret { get; init; }

        public required bool PermissionsChecked { get; init; }
    }
}
