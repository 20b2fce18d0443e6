using System.Text;
using CryptoBeacon.Application.Contracts.Identity;
using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Identity.Features;
using CryptoBeacon.Identity.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.Identity.Persistence;

/// <summary>Reads and writes on behalf of the user, as a request of theirs would.</summary>
internal sealed class NotificationChannels(
    IWorkerScopes scopes,
    IFieldCipher cipher,
    UnsubscribeTokens unsubscribeTokens,
    PublicAddress publicAddress,
    TimeProvider clock
) : INotificationChannels
{
    public static readonly SealedColumn WebhookSecret = Column("webhook_secret");
    public static readonly SealedColumn PreviousWebhookSecret = Column("webhook_previous_secret");
    public static readonly SealedColumn PushToken = Column("push_token");

    private static readonly TimeSpan ChangeOver = TimeSpan.FromDays(1);

    public async Task<NotificationTargets> ForAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateFor(userId);
        var row = await scope
            .ServiceProvider.GetRequiredService<IReadDatabase>()
            .QuerySingleOrDefaultAsync<Row>(
                """
                select case when c.email_enabled then coalesce(c.email_address, u.email) end as email_address,
                    case when c.webhook_enabled then c.webhook_url end as webhook_url, c.webhook_secret,
                    case when c.webhook_secret_changed_at > @since then c.webhook_previous_secret end as webhook_previous_secret,
                    case when c.push_enabled then c.push_url end as push_url, c.push_token,
                    case when c.sms_enabled then c.sms_phone_number end as phone_number
                from identity.notification_channels c
                join identity.users u on u.id = c.user_id and u.is_active
                where c.user_id = @userId
                """,
                new { userId, since = clock.UtcNow() - ChangeOver },
                cancellationToken
            );
        return row is null
            ? NotificationTargets.None
            : new NotificationTargets(
                row.EmailAddress is null
                    ? null
                    : new EmailTarget(
                        row.EmailAddress,
                        publicAddress.Of(UnsubscribeEndpoint.PathWith(unsubscribeTokens.Of(userId, row.EmailAddress)))
                    ),
                row.WebhookUrl is null
                    ? null
                    : new WebhookTarget(
                        row.WebhookUrl,
                        [
                            .. new[]
                            {
                                Open(row.WebhookSecret, WebhookSecret, userId),
                                Open(row.WebhookPreviousSecret, PreviousWebhookSecret, userId),
                            }.OfType<string>(),
                        ]
                    ),
                row.PushUrl is null ? null : new PushTarget(row.PushUrl, Open(row.PushToken, PushToken, userId)),
                row.PhoneNumber
            );
    }

    public async Task SwitchWebhookOffAsync(Guid userId, string url, string reason, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateFor(userId);
        await scope
            .ServiceProvider.GetRequiredService<IMediator>()
            .Send(new SwitchWebhookOff(userId, url, reason), cancellationToken);
    }

    private string? Open(byte[]? value, SealedColumn column, Guid userId) =>
        value is null ? null : Encoding.UTF8.GetString(cipher.Open(value, column.Of(userId)));

    private static SealedColumn Column(string name) => new("identity.notification_channels", "user_id", name);

    private sealed record Row
    {
        public string? EmailAddress { get; init; }

        public string? WebhookUrl { get; init; }

        public byte[]? WebhookSecret { get; init; }

        public byte[]? WebhookPreviousSecret { get; init; }

        public string? PushUrl { get; init; }

        public byte[]? PushToken { get; init; }

        public string? PhoneNumber { get; init; }
    }
}
