namespace CryptoBeacon.Identity.Features;

/// <summary>Where a user is told of alerts. Of secrets it says only that there is one.</summary>
internal sealed record NotificationChannelsDto(
    EmailChannelDto Email,
    WebhookChannelDto Webhook,
    PushChannelDto Push,
    SmsChannelDto Sms,
    uint Version
) : IVersioned;

/// <param name="OffReason">Why the server has switched it off; null: it has not.</param>
internal sealed record EmailChannelDto(bool Enabled, string? Address, string? OffReason);

/// <inheritdoc cref="EmailChannelDto"/>
internal sealed record WebhookChannelDto(bool Enabled, string? Url, bool HasSecret, string? OffReason);

internal sealed record PushChannelDto(bool Enabled, string? Url, bool HasToken);

internal sealed record SmsChannelDto(bool Enabled, string? PhoneNumber);

/// <summary>The row of <c>identity.notification_channels</c>, without its secrets.</summary>
internal sealed record ChannelsRow
{
    public const string Columns = """
        email_enabled, email_address, email_off_reason, webhook_enabled, webhook_url, webhook_secret is not null as webhook_has_secret, webhook_off_reason,
        push_enabled, push_url, push_token is not null as push_has_token, sms_enabled, sms_phone_number, xmin as version
        """;

    public const string Sql = $"select {Columns} from identity.notification_channels where user_id = @userId";

    public bool EmailEnabled { get; init; }

    public string? EmailAddress { get; init; }

    public string? EmailOffReason { get; init; }

    public bool WebhookEnabled { get; init; }

    public string? WebhookUrl { get; init; }

    public bool WebhookHasSecret { get; init; }

    public string? WebhookOffReason { get; init; }

    public bool PushEnabled { get; init; }

    public string? PushUrl { get; init; }

    public bool PushHasToken { get; init; }

    public bool SmsEnabled { get; init; }

    public string? SmsPhoneNumber { get; init; }

    public uint Version { get; init; }

    public NotificationChannelsDto ToDto() =>
        new(
            new EmailChannelDto(EmailEnabled, EmailAddress, EmailOffReason),
            new WebhookChannelDto(WebhookEnabled, WebhookUrl, WebhookHasSecret, WebhookOffReason),
            new PushChannelDto(PushEnabled, PushUrl, PushHasToken),
            new SmsChannelDto(SmsEnabled, SmsPhoneNumber),
            Version
        );
}
