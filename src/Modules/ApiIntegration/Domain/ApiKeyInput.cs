using System.Text.Json.Serialization;

namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>What a user may write of a key. Where an exchange gives a passphrase too (Coinbase), <c>apiSecret</c> is <c>secret:passphrase</c>.</summary>
internal sealed record ApiKeyInput : IHasDefaults<ApiKeyInput>
{
    public Guid? ProviderId { get; init; }

    public string? Name { get; init; }

    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? ApiKey { get; init; }

    [JsonConverter(typeof(VerbatimTextConverter))]
    public string? ApiSecret { get; init; }

    /// <summary>Left out: what the exchange says.</summary>
    public IReadOnlyList<string>? Permissions { get; init; }

    public bool? IsActive { get; init; }

    /// <summary>The portfolio into which the account's new fills are taken every night; null: none.</summary>
    public Guid? SyncPortfolioId { get; init; }

    public ApiKeyInput WithDefaults() => this with { IsActive = IsActive ?? true };

    public static ApiKeyInput Of(ApiKey key, KeySeal seal) =>
        new()
        {
            ProviderId = key.ProviderId,
            Name = key.Name,
            ApiKey = seal.Open(key.SealedKey, KeySeal.Key, key.Id),
            ApiSecret = key.SealedSecret is { } secret ? seal.Open(secret, KeySeal.Secret, key.Id) : null,
            Permissions = key.Permissions,
            IsActive = key.IsActive,
            SyncPortfolioId = key.SyncPortfolioId,
        };

    /// <summary>Not the compiler's own, which would show the secrets.</summary>
    public override string ToString() => $"{nameof(ApiKeyInput)} {{ {nameof(Name)} = {Name} }}";
}

internal sealed class ApiKeyInputValidator : AbstractValidator<ApiKeyInput>
{
    public ApiKeyInputValidator()
    {
        RuleFor(k => k.ProviderId).Required();
        RuleFor(k => k.Name).Required().Name();
        RuleFor(k => k.ApiKey)
            .Required()
            .Limit(
                new Limit { MinLength = 1, MaxLength = ApiKey.MaxKeyLength },
                key => key is null || (key.Length <= ApiKey.MaxKeyLength && key.All(c => c is >= '!' and <= '~')),
                $"must be 1 to {ApiKey.MaxKeyLength} printable characters of ASCII, without blanks"
            );
        RuleFor(k => k.ApiSecret)
            .Limit(
                new Limit { MinLength = 1, MaxLength = ApiKey.MaxSecretLength },
                secret =>
                    secret is null
                    || (
                        secret.Length is > 0 and <= ApiKey.MaxSecretLength
                        && secret.All(c => c is (>= ' ' and <= '~') or '\n' or '\r')
                    ),
                $"must be 1 to {ApiKey.MaxSecretLength} printable characters of ASCII and line ends"
            );
        RuleFor(k => k.Permissions)
            .Entries(0, ApiKey.MaxPermissions, "permissions")
            .Must(permissions =>
                permissions is null
                || permissions.All(permission =>
                    permission is { Length: >= 1 and <= Rules.MaxNameLength } && !permission.Any(char.IsControl)
                )
            )
            .WithMessage($"must be texts of 1 to {Rules.MaxNameLength} characters without control characters");
        RuleFor(k => k.IsActive).Required();
    }
}
