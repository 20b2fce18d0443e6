namespace CryptoBeacon.Identity.Features;

/// <summary>Switches a user's webhook off because its receiver says that it is gone, unless it is another one by now.</summary>
internal sealed record SwitchWebhookOff(Guid UserId, string Url, string Reason) : ICommand;

internal sealed class SwitchWebhookOffHandler(IWriteDatabase database, TimeProvider clock)
    : IRequestHandler<SwitchWebhookOff, Result>
{
    public async Task<Result> Handle(SwitchWebhookOff request, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(
            """
            update identity.notification_channels
            set webhook_enabled = false, webhook_off_reason = @Reason, updated_at = @now
            where user_id = @UserId and webhook_enabled and webhook_url = @Url
            """,
            new
            {
                request.UserId,
                request.Url,
                request.Reason,
                now = clock.UtcNow(),
            },
            cancellationToken
        );
        return Result.Success;
    }
}
