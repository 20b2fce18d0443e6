namespace CryptoBeacon.Identity.Features;

/// <summary>
/// Removes expired sessions, with their refresh tokens, expired one-time tokens, throttles that have had a day's rest, and mails that could not be
/// sent; forgets from where and with what a session was used more than 90 days ago.
/// </summary>
internal sealed record PurgeExpired : ICommand;

internal sealed class PurgeExpiredHandler(IWriteDatabase database) : IRequestHandler<PurgeExpired, Result>
{
    public async Task<Result> Handle(PurgeExpired request, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("delete from identity.sessions where expires_at < now()", null, cancellationToken);
        await database.ExecuteAsync(
            """
            update identity.sessions
            set ip_address = null, user_agent = null
            where last_used_at < now() - interval '90 days' and (ip_address is not null or user_agent is not null)
            """,
            null,
            cancellationToken
        );
        await database.ExecuteAsync(
            "delete from identity.auth_throttles where last_attempt_at < now() - interval '1 day'",
            null,
            cancellationToken
        );
        await database.ExecuteAsync(
            "delete from identity.one_time_tokens where expires_at < now()",
            null,
            cancellationToken
        );
        // A mail server was out of reach for so long that nobody waits for them; what a mail for a new password would bring is good for an hour.
        await database.ExecuteAsync(
            """
            delete from identity.mails
            where created_at < now() - case when kind = 'reset_password' then interval '1 hour' else interval '7 days' end
            """,
            null,
            cancellationToken
        );
        return Result.Success;
    }
}
