namespace CryptoBeacon.Application.Contracts.Identity;

/// <summary>Where a user wants to be told, as it is when something is told. Secrets are opened in memory alone.</summary>
public interface INotificationChannels
{
    Task<NotificationTargets> ForAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>The receiver wants no more of it. Nothing happens where the user has named another address meanwhile.</summary>
    Task SwitchWebhookOffAsync(Guid userId, string url, string reason, CancellationToken cancellationToken);
}

/// <summary>Null: the channel is off, or the account is.</summary>
public sealed record NotificationTargets(
    EmailTarget? Email,
    WebhookTarget? Webhook,
    PushTarget? Push,
    string? PhoneNumber
)
{
    public static readonly NotificationTargets None = new(null, null, null, null);
}

/// <param name="UnsubscribeUrl">Where a POST stops these mails (RFC 8058); null where nobody knows this server's address.</param>
public sealed record EmailTarget(string Address, string? UnsubscribeUrl);

/// <param name="Secrets">The present one first, and the one before for as long as receivers may need to change over.</param>
public sealed record WebhookTarget(string Url, IReadOnlyList<string> Secrets);

public sealed record PushTarget(string Url, string? Token);
