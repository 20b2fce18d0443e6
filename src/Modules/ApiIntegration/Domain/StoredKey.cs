namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>A key's row, read without the intention to change it.</summary>
internal sealed record StoredKey
{
    public const string Sql = """
        select id, provider_id, name, api_key, api_secret, permissions, is_active, sync_portfolio_id, revision as version
        from api_integration.api_keys
        where user_id = @userId and id = @Id
        """;

    public required Guid Id { get; init; }

    public required Guid ProviderId { get; init; }

    public required string Name { get; init; }

    public required string ApiKey { get; init; }

    public string? ApiSecret { get; init; }

    public string[]? Permissions { get; init; }

    public required bool IsActive { get; init; }

    public Guid? SyncPortfolioId { get; init; }

    public required uint Version { get; init; }

    public ApiKeyInput ToInput(KeySeal seal) =>
        new()
        {
            ProviderId = ProviderId,
            Name = Name,
            ApiKey = seal.Open(ApiKey, KeySeal.Key, Id),
            ApiSecret = ApiSecret is { } secret ? seal.Open(secret, KeySeal.Secret, Id) : null,
            Permissions = Permissions,
            IsActive = IsActive,
            SyncPortfolioId = SyncPortfolioId,
        };
}
