using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Features;

/// <summary>Switches the e-mail channel off where the token is one of mails to its present address.</summary>
internal sealed record SwitchEmailOff(Guid UserId, string Token) : ICommand;

internal sealed class SwitchEmailOffHandler(IWriteDatabase database, UnsubscribeTokens tokens, TimeProvider clock)
    : IRequestHandler<SwitchEmailOff, Result>
{
    public async Task<Result> Handle(SwitchEmailOff request, CancellationToken cancellationToken)
    {
        var addresses = await database.QueryAsync<string>(
            """
            select coalesce(c.email_address, u.email)
            from identity.notification_channels c
            join identity.users u on u.id = c.user_id
            where c.user_id = @UserId
            """,
            new { request.UserId },
            cancellationToken
        );
        if (!addresses.Any(address => tokens.IsFor(request.Token, request.UserId, address)))
        {
            return IdentityErrors.InvalidMailedToken;
        }

        await database.ExecuteAsync(
            """
            update identity.notification_channels
            set email_enabled = false, email_off_reason = @reason, updated_at = @now
            where user_id = @UserId and email_enabled
            """,
            new
            {
                request.UserId,
                reason = "A mail's unsubscribe link was used.",
                now = clock.UtcNow(),
            },
            cancellationToken
        );
        return Result.Success;
    }
}
