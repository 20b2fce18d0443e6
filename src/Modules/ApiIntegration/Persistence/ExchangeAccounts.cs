using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.ApiIntegration.Persistence;

/// <summary>What it takes to call a provider with a key.</summary>
internal sealed record ExchangeAccount<TConnector>(TConnector Connector, ProviderApi Api, Credentials Credentials);

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
    /// <summary>Notes that the key is used.</summary>
    public async Task<Result<ExchangeAccount<TConnector>>> OpenAsync<TConnector>(
        Guid keyId,
        CancellationToken cancellationToken
    )
        where TConnector : class, IKeyedConnector
    {
        var row = await reads.QuerySingleOrDefaultAsync<KeyRow>(
            $"""
            select key.api_key, key.api_secret, key.is_active and provider.is_active as is_active, {SiteRow.Columns}
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
            )
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
    }
}
