using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Mail;
using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Persistence;

namespace CryptoBeacon.Identity.Features;

internal sealed record NotificationChannelsInput
{
    public EmailChannelInput? Email { get; init; }

    public WebhookChannelInput? Webhook { get; init; }

    public PushChannelInput? Push { get; init; }

    public SmsChannelInput? Sms { get; init; }
}

/// <param name="Address">Null: the account's own.</param>
internal sealed record EmailChannelInput(bool? Enabled, string? Address);

internal sealed record WebhookChannelInput(
    bool? Enabled,
    string? Url,
    [property: JsonConverter(typeof(VerbatimTextConverter))] string? Secret
);

internal sealed record PushChannelInput(
    bool? Enabled,
    string? Url,
    [property: JsonConverter(typeof(VerbatimTextConverter))] string? Token
);

internal sealed record SmsChannelInput(bool? Enabled, string? PhoneNumber);

/// <summary>Says anew where one is told of alerts: a channel that is absent is off, a secret that is absent stays, for whom it was given, and an empty one is cleared.</summary>
internal sealed record SetNotificationChannels(NotificationChannelsInput Body, IfMatch IfMatch)
    : ICommand<NotificationChannelsDto>,
        IHasBody<NotificationChannelsInput>;

internal sealed partial class SetNotificationChannelsValidator : AbstractValidator<SetNotificationChannels>
{
    private const int MaxSecret = 200;
    private const int MaxToken = 4000;

    public SetNotificationChannelsValidator(NetworkTargets targets, IMailer mailer, BeaconOptions options)
    {
        RuleFor(c => c.Body.Email!.Enabled)
            .Must(enabled => enabled is not true || mailer.IsAvailable)
            .WithMessage("is not possible, since this installation sends no mail")
            .When(c => c.Body.Email is not null);
        RuleFor(c => c.Body.Email!.Address).EmailAddressRule().When(c => c.Body.Email is not null);

        RuleFor(c => c.Body.Webhook!.Url)
            .Required()
            .When(c => c.Body.Webhook is { Enabled: true })
            .CustomAsync((url, context, ct) => CheckAsync(targets, url, context, ct))
            .When(c => c.Body.Webhook is not null);
        RuleFor(c => c.Body.Webhook!.Secret).Line(MaxSecret, minLength: 0).When(c => c.Body.Webhook is not null);

        RuleFor(c => c.Body.Push!.Url)
            .Required()
            .When(c => c.Body.Push is { Enabled: true })
            .CustomAsync((url, context, ct) => CheckAsync(targets, url, context, ct))
            .When(c => c.Body.Push is not null);
        RuleFor(c => c.Body.Push!.Token).Line(MaxToken, minLength: 0).When(c => c.Body.Push is not null);

        RuleFor(c => c.Body.Webhook!.Secret)
            .Must(secret => secret is null || WebhookSecret.IsValid(secret))
            .WithMessage("must be base64 after whsec_")
            .When(c => c.Body.Webhook is not null);

        RuleFor(c => c.Body.Sms!.Enabled)
            .Must(enabled => enabled is not true || options.Sms.AccountSid is not null)
            .WithMessage("is not possible, since this installation sends no SMS")
            .When(c => c.Body.Sms is not null);
        RuleFor(c => c.Body.Sms!.PhoneNumber)
            .Required()
            .When(c => c.Body.Sms is { Enabled: true })
            .Must(number => number is null || E164().IsMatch(number))
            .WithMessage("must be a number such as +4930123456 (E.164)")
            .When(c => c.Body.Sms is not null);
    }

    private static async Task CheckAsync(
        NetworkTargets targets,
        string? url,
        ValidationContext<SetNotificationChannels> context,
        CancellationToken cancellationToken
    )
    {
        if (!string.IsNullOrEmpty(url) && await targets.ComplaintAsync(url, cancellationToken) is { } complaint)
        {
            context.AddFailure(complaint);
        }
    }

    [GeneratedRegex(@"\A\+[1-9][0-9]{1,14}\z", RegexOptions.CultureInvariant)]
    private static partial Regex E164();
}

internal sealed class SetNotificationChannelsHandler(
    IWriteDatabase database,
    IReadDatabase reads,
    ICurrentUser user,
    IFieldCipher cipher,
    TimeProvider clock
) : IRequestHandler<SetNotificationChannels, Result<NotificationChannelsDto>>
{
    public async Task<Result<NotificationChannelsDto>> Handle(
        SetNotificationChannels request,
        CancellationToken cancellationToken
    )
    {
        await database.LockAsync([$"notification_channels:{user.Id}"], cancellationToken);
        var old = await reads.QuerySingleOrDefaultAsync<ChannelsRow>(
            ChannelsRow.Sql,
            new { userId = user.Id },
            cancellationToken
        );
        if (!request.IfMatch.Matches((old ?? new ChannelsRow()).Version))
        {
            return Error.PreconditionFailed;
        }

        var (email, webhook, push, sms) = (
            request.Body.Email,
            request.Body.Webhook,
            request.Body.Push,
            request.Body.Sms
        );
        var previousSecret = await PreviousSecretAsync(webhook?.Secret, cancellationToken);
        var rows = await database.QueryAsync<ChannelsRow>(
            $"""
            insert into identity.notification_channels as c (
                user_id, email_enabled, email_address, webhook_enabled, webhook_url, webhook_origin, webhook_secret,
                webhook_previous_secret, webhook_secret_changed_at,
                push_enabled, push_url, push_origin, push_token, sms_enabled, sms_phone_number, updated_at)
            select @userId, @emailEnabled, case when @hasEmail then coalesce(@emailAddress, u.email) end, @webhookEnabled, @webhookUrl, @webhookOrigin, @webhookSecret,
                @previousSecret::bytea, @secretChangedAt::timestamptz,
                @pushEnabled, @pushUrl, @pushOrigin, @pushToken, @smsEnabled, @smsPhoneNumber, @now
            from identity.users u where u.id = @userId
            on conflict (user_id) do update set
                email_enabled = excluded.email_enabled, email_address = excluded.email_address, email_off_reason = null,
                webhook_enabled = excluded.webhook_enabled, webhook_url = excluded.webhook_url,
                webhook_origin = coalesce(excluded.webhook_origin, c.webhook_origin),
                webhook_secret = case
                    when @clearsSecret then null
                    when excluded.webhook_secret is not null or excluded.webhook_origin <> c.webhook_origin then excluded.webhook_secret
                    else c.webhook_secret
                end,
                -- Nor does another receiver get signatures by the secret of the one before.
                webhook_previous_secret = case
                    when @clearsSecret or excluded.webhook_origin <> c.webhook_origin then null
                    when excluded.webhook_secret is null then c.webhook_previous_secret
                    else excluded.webhook_previous_secret
                end,
                webhook_secret_changed_at = coalesce(excluded.webhook_secret_changed_at, c.webhook_secret_changed_at), webhook_off_reason = null,
                push_enabled = excluded.push_enabled, push_url = excluded.push_url,
                push_origin = coalesce(excluded.push_origin, c.push_origin),
                push_token = case
                    when @clearsToken then null
                    when excluded.push_token is not null or excluded.push_origin <> c.push_origin then excluded.push_token
                    else c.push_token
                end,
                sms_enabled = excluded.sms_enabled, sms_phone_number = excluded.sms_phone_number, updated_at = excluded.updated_at
            returning {ChannelsRow.Columns}
            """,
            new
            {
                userId = user.Id,
                emailEnabled = email?.Enabled ?? false,
                hasEmail = email is not null,
                emailAddress = email?.Address,
                webhookEnabled = webhook?.Enabled ?? false,
                webhookUrl = webhook?.Url,
                webhookOrigin = OriginOf(webhook?.Url),
                clearsSecret = webhook?.Secret is "",
                webhookSecret = Seal(webhook?.Secret, NotificationChannels.WebhookSecret),
                previousSecret = Seal(previousSecret, NotificationChannels.PreviousWebhookSecret),
                secretChangedAt = string.IsNullOrEmpty(webhook?.Secret) ? (DateTimeOffset?)null : clock.UtcNow(),
                pushEnabled = push?.Enabled ?? false,
                pushUrl = push?.Url,
                pushOrigin = OriginOf(push?.Url),
                clearsToken = push?.Token is "",
                pushToken = Seal(push?.Token, NotificationChannels.PushToken),
                smsEnabled = sms?.Enabled ?? false,
                smsPhoneNumber = sms?.PhoneNumber,
                now = clock.UtcNow(),
            },
            cancellationToken
        );
        return rows.Count == 1 ? rows[0].ToDto() : IdentityErrors.UserNotFound;
    }

    private static string? OriginOf(string? url) => string.IsNullOrEmpty(url) ? null : NetworkTargets.OriginOf(url);

    /// <summary>Kept beside a new one, with which it signs for a while.</summary>
    private async Task<string?> PreviousSecretAsync(string? newSecret, CancellationToken cancellationToken)
    {
        var old = string.IsNullOrEmpty(newSecret)
            ? null
            : await reads.QuerySingleOrDefaultAsync<SecretRow>(
                "select webhook_secret from identity.notification_channels where user_id = @userId",
                new { userId = user.Id },
                cancellationToken
            );
        return old?.WebhookSecret is { } secret
            ? Encoding.UTF8.GetString(cipher.Open(secret, NotificationChannels.WebhookSecret.Of(user.Id)))
            : null;
    }

    private byte[]? Seal(string? secret, SealedColumn column) =>
        string.IsNullOrEmpty(secret) ? null : cipher.Seal(Encoding.UTF8.GetBytes(secret), column.Of(user.Id));

    private sealed record SecretRow
    {
        public byte[]? WebhookSecret { get; init; }
    }
}

internal static class SetNotificationChannelsEndpoint
{
    public static void Map(RouteGroupBuilder me) =>
        me.MapPut(
                "/notification-channels",
                async (NotificationChannelsInput body, IfMatch ifMatch, IMediator mediator, CancellationToken ct) =>
                    (await mediator.Send(new SetNotificationChannels(body, ifMatch), ct)).ToOk()
            )
            .WithName(nameof(SetNotificationChannels))
            .WithSummary("Say where one is told of alerts")
            .WithDescription(
                "Replaces: an absent channel is off, an absent secret or token is kept, an empty one cleared; with another host, scheme or port in `url` it is cleared too, and has to be given anew. `email.address` is the account's own by default, and may be any. E-mail can't be "
                    + "enabled where the installation sends no mail (400 `email.enabled`). Addresses are https to a public host."
            )
            .RequireSession()
            .Produces<NotificationChannelsDto>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
