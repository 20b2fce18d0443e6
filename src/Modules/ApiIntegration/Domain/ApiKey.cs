using CryptoBeacon.Application.Audit;

namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>What opens a user's account at an exchange to this server. Key and secret are here as they are stored: sealed.</summary>
[NeverAudited("The table's own trigger leaves the entry, whoever writes the row.")]
internal sealed class ApiKey : Entity
{
    public const int MaxKeyLength = 1000;
    public const int MaxSecretLength = 4000;
    public const int MaxPermissions = 50;

    private const int ShownAtTheEnd = 4;

    private ApiKey() { }

    public Guid UserId { get; private init; }

    public Guid ProviderId { get; private init; }

    public string Name { get; private set; } = "";

    public string SealedKey { get; private set; } = "";

    public string? SealedSecret { get; private set; }

    /// <summary>What is shown of the key.</summary>
    public string Masked { get; private set; } = "";

    /// <summary>As the owner has named them, else as the exchange did.</summary>
    public List<string>? Permissions { get; private set; }

    /// <summary>Whether the exchange has said that it can't withdraw.</summary>
    public bool PermissionsChecked { get; private set; }

    /// <summary>The portfolio into which every night the account's new fills are taken; null: none.</summary>
    public Guid? SyncPortfolioId { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When its owner changed it last; what the server notes beside changes neither it nor the version.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    public DateTimeOffset? LastUsed { get; private init; }

    public bool IsActive { get; private set; }

    /// <param name="input">Validated.</param>
    public static ApiKey Add(Guid userId, ApiKeyInput input, KeyVerdict verdict, KeySeal seal, DateTimeOffset now)
    {
        var key = new ApiKey
        {
            UserId = userId,
            ProviderId = input.ProviderId!.Value,
            CreatedAt = now,
        };
        key.Revise(input, now);
        key.Replace(input, seal);
        key.Accept(verdict, namesPermissions: input.Permissions is not null);
        return key;
    }

    /// <summary>Changes all but key and secret.</summary>
    /// <param name="input">Validated.</param>
    public void Revise(ApiKeyInput input, DateTimeOffset now)
    {
        Name = input.Name!;
        IsActive = input.IsActive ?? true;
        SyncPortfolioId = input.SyncPortfolioId;
        Permissions = input.Permissions?.ToList();

        UpdatedAt = now;
    }

    /// <summary>Puts another key and secret in the place of those that are here.</summary>
    /// <param name="input">Validated.</param>
    public void Replace(ApiKeyInput input, KeySeal seal)
    {
        var key = input.ApiKey!;
        SealedKey = seal.Seal(key, KeySeal.Key, Id);
        SealedSecret = input.ApiSecret is { } secret ? seal.Seal(secret, KeySeal.Secret, Id) : null;
        // Four characters of a short one would be half of it.
        Masked = key.Length < 2 * ShownAtTheEnd ? "****" : $"****{key[^ShownAtTheEnd..]}";
    }

    /// <summary>Notes what the exchange says that the key may do.</summary>
    /// <param name="namesPermissions">Whether the owner has just said so, whose words then stay.</param>
    public void Accept(KeyVerdict verdict, bool namesPermissions)
    {
        PermissionsChecked = verdict.IsChecked;
        if (!namesPermissions && verdict.Permissions is { } permissions)
        {
            Permissions = [.. permissions];
        }
    }
}
