namespace CryptoBeacon.Identity.Features;

/// <summary>Removes expired sessions, with their refresh tokens, expired one-time tokens, and throttles that have had a day's rest.</summary>
internal sealed record PurgeExpired : ICommand;

internal sealed class PurgeExpiredHandler(IWriteDatabase database) : IRequestHandler<PurgeExpired, Result>
{
    public async Task<Result> Handle(PurgeExpired request, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync("delete from identity.sessions where expires_at < now()", null, cancellationToken);
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
        return Result.Success;
    }
}
