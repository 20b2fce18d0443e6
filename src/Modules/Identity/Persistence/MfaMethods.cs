namespace CryptoBeacon.Identity.Persistence;

/// <summary>The second factor of the current user. Each member is one statement that commits by itself: of two servers, one spends a code.</summary>
internal sealed class MfaMethods(IAutoCommitDatabase database, Mails mails, TimeProvider clock)
{
    public static readonly SealedColumn Secret = new("identity.mfa_methods", "user_id", "secret");

    public static FieldAddress SecretOf(Guid userId) => Secret.Of(userId);

    public Task<MfaMethod?> FindAsync(Guid userId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<MfaMethod>(
            """
            select secret, confirmed_at is not null as is_confirmed from identity.mfa_methods where user_id = @userId
            """,
            new { userId },
            cancellationToken
        );

    /// <summary>Until it is confirmed, it takes the place of an earlier one that was not.</summary>
    /// <returns>False: a confirmed one is on.</returns>
    public Task<bool> ProposeAsync(Guid userId, byte[] sealedSecret, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<bool>(
            """
            insert into identity.mfa_methods as m (user_id, secret, created_at)
            values (@userId, @sealedSecret, @now)
            on conflict (user_id) do update set secret = excluded.secret, created_at = excluded.created_at
                where m.confirmed_at is null
            returning true
            """,
            new
            {
                userId,
                sealedSecret,
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    /// <param name="sealedSecret">The one that the code was checked with.</param>
    /// <returns>False: it is on already, or another was proposed meanwhile.</returns>
    public Task<bool> ConfirmAsync(
        Guid userId,
        byte[] sealedSecret,
        long step,
        byte[][] codeHashes,
        CancellationToken cancellationToken
    ) =>
        database.QuerySingleOrDefaultAsync<bool>(
            """
            with confirmed as (
                update identity.mfa_methods set confirmed_at = @now, last_step = @step
                where user_id = @userId and secret = @sealedSecret and confirmed_at is null
                returning user_id
            ), codes as (
                insert into identity.recovery_codes (user_id, code_hash)
                select user_id, unnest(@codeHashes) from confirmed
            )
            select true, identity.write_mail(@mailId, user_id, 'mfa_enabled', @now)::text from confirmed
            """,
            new
            {
                userId,
                sealedSecret,
                step,
                codeHashes,
                mailId = mails.NewId(),
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    /// <summary>Time goes on only: no step at or before the last one is good again.</summary>
    public Task<bool> SpendStepAsync(Guid userId, long step, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<bool>(
            """
            update identity.mfa_methods set last_step = @step
            where user_id = @userId and confirmed_at is not null and last_step < @step
            returning true
            """,
            new { userId, step },
            cancellationToken
        );

    public Task<bool> SpendRecoveryCodeAsync(Guid userId, byte[] codeHash, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<bool>(
            "delete from identity.recovery_codes where user_id = @userId and code_hash = @codeHash returning true",
            new { userId, codeHash },
            cancellationToken
        );

    /// <returns>False: the second factor was switched off meanwhile.</returns>
    public Task<bool> ReplaceRecoveryCodesAsync(
        Guid userId,
        byte[][] codeHashes,
        CancellationToken cancellationToken
    ) =>
        database.QuerySingleOrDefaultAsync<bool>(
            """
            with method as (
                select user_id from identity.mfa_methods
                where user_id = @userId and confirmed_at is not null
                for update
            ), gone as (
                delete from identity.recovery_codes using method where recovery_codes.user_id = method.user_id
            ), codes as (
                insert into identity.recovery_codes (user_id, code_hash)
                select user_id, unnest(@codeHashes) from method
            )
            select true, identity.write_mail(@mailId, user_id, 'recovery_codes_renewed', @now)::text from method
            """,
            new
            {
                userId,
                codeHashes,
                mailId = mails.NewId(),
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    /// <summary>The recovery codes go with it.</summary>
    public Task RemoveAsync(Guid userId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<bool>(
            """
            with gone as (
                delete from identity.mfa_methods where user_id = @userId returning user_id
            )
            select true, identity.write_mail(@mailId, user_id, 'mfa_disabled', @now)::text from gone
            """,
            new
            {
                userId,
                mailId = mails.NewId(),
                now = clock.UtcNow(),
            },
            cancellationToken
        );
}

internal sealed record MfaMethod
{
    /// <summary>Sealed.</summary>
    public required byte[] Secret { get; init; }

    public bool IsConfirmed { get; init; }
}
