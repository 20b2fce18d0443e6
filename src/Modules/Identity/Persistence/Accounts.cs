using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Persistence;

/// <summary>
/// The definer functions of the schema: what must be asked and done before it is known who asks. Each is one statement that commits by
/// itself.
/// </summary>
internal sealed class Accounts(IAutoCommitDatabase database, Mails mails, ThrottleKeys devices, TimeProvider clock)
{
    /// <returns>False: the address is taken.</returns>
    public Task<bool> RegisterAsync(
        Guid id,
        string email,
        string passwordHash,
        string? displayName,
        CancellationToken cancellationToken
    ) =>
        database.QuerySingleOrDefaultAsync<bool>(
            """
            with account as materialized (
                select identity.register_user(@id, @email, @passwordHash, @displayName, @now) as is_made
            )
            select is_made, case when is_made then identity.write_mail(@mailId, @id, 'verify_email', @now) end::text from account
            """,
            new
            {
                id,
                email,
                passwordHash,
                displayName,
                mailId = mails.NewId(),
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    public Task<Credentials?> FindCredentialsAsync(string email, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<Credentials>(
            "select id, email, password_hash, role, is_active from identity.find_credentials(@email)",
            new { email },
            cancellationToken
        );

    /// <param name="credentials">What was verified: false when they are not good any more.</param>
    /// <param name="strongerHash">The same password, hashed by today's parameters; null where it is already.</param>
    public Task<bool> OpenSessionAsync(
        Credentials credentials,
        string? strongerHash,
        RefreshToken token,
        Device device,
        TimeSpan lifetime,
        CancellationToken cancellationToken
    ) =>
        database.QuerySingleOrDefaultAsync<bool>(
            """
            with session as materialized (
                select identity.open_session(
                    @sessionId, @userId, @passwordHash, @strongerHash, @tokenHash, @now, @expiresAt, @address::inet, @userAgent) as is_open
            ), device as materialized (
                select identity.meet_device(@userId, @deviceHash, @now) as is_new from session where is_open
            )
            select is_open,
                (
                    select identity.write_mail(@mailId, @userId, 'new_device', @now, p_session_id => @sessionId)
                    from device where is_new
                )::text
            from session
            """,
            new
            {
                sessionId = token.SessionId,
                userId = credentials.Id,
                credentials.PasswordHash,
                strongerHash,
                tokenHash = token.Hash,
                now = clock.UtcNow(),
                expiresAt = clock.UtcNow() + lifetime,
                address = device.Address?.ToString(),
                device.UserAgent,
                deviceHash = devices.Of("device", device.Kind),
                mailId = mails.NewId(),
            },
            cancellationToken
        );

    /// <returns>False: no second factor is on, and no token was stored.</returns>
    public Task<bool> BeginMfaAsync(
        byte[] tokenHash,
        Credentials credentials,
        string? strongerHash,
        DateTimeOffset expiresAt,
        CancellationToken cancellationToken
    ) =>
        database.QuerySingleOrDefaultAsync<bool>(
            "select identity.begin_mfa(@tokenHash, @userId, @passwordHash, @strongerHash, @now, @expiresAt)",
            new
            {
                tokenHash,
                userId = credentials.Id,
                credentials.PasswordHash,
                strongerHash,
                now = clock.UtcNow(),
                expiresAt,
            },
            cancellationToken
        );

    /// <summary>Counts an attempt with the token.</summary>
    /// <returns>Null: the token is not good, or not any more.</returns>
    public Task<Credentials?> AttemptMfaAsync(byte[] tokenHash, int allowance, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<Credentials>(
            "select id, email, password_hash, role, is_active from identity.attempt_mfa(@tokenHash, @now, @allowance)",
            new
            {
                tokenHash,
                now = clock.UtcNow(),
                allowance,
            },
            cancellationToken
        );

    /// <returns>False: it was spent before.</returns>
    public Task<bool> SpendMfaAsync(byte[] tokenHash, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<bool>(
            "select identity.spend_mfa(@tokenHash)",
            new { tokenHash },
            cancellationToken
        );

    public async Task<Rotation> RotateAsync(
        RefreshToken token,
        RefreshToken successor,
        Device device,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QuerySingleOrDefaultAsync<Rotation>(
                """
                select outcome, user_id, role
                from identity.rotate_refresh_token(@tokenHash, @successorHash, @now, @expiresAt, @address::inet, @userAgent)
                """,
                new
                {
                    tokenHash = token.Hash,
                    successorHash = successor.Hash,
                    now = clock.UtcNow(),
                    expiresAt = clock.UtcNow() + RefreshTokens.Lifetime,
                    address = device.Address?.ToString(),
                    device.UserAgent,
                },
                cancellationToken
            )
        )!;

    public Task EndSessionAsync(RefreshToken token, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<bool>(
            "select identity.end_session(@tokenHash, @now)",
            new { tokenHash = token.Hash, now = clock.UtcNow() },
            cancellationToken
        );

    public Task<SessionState?> SessionStateAsync(Guid sessionId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<SessionState>(
            "select is_valid, user_id, role from identity.session_state(@sessionId, @now)",
            new { sessionId, now = clock.UtcNow() },
            cancellationToken
        );

    /// <summary>Of the signed-in user, whose other sessions end.</summary>
    /// <returns>False: the verified hash is not the user's any more.</returns>
    public Task<bool> ChangePasswordAsync(
        Guid userId,
        string verifiedHash,
        string newHash,
        Guid? keptSessionId,
        CancellationToken cancellationToken
    ) =>
        database.QuerySingleOrDefaultAsync<bool>(
            """
            with change as materialized (
                select identity.change_password(@verifiedHash, @newHash, @keptSessionId, @now) as is_made
            )
            select is_made, case when is_made then identity.write_mail(@mailId, @userId, 'password_changed', @now) end::text from change
            """,
            new
            {
                verifiedHash,
                newHash,
                keptSessionId,
                userId,
                mailId = mails.NewId(),
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    /// <summary>Spends a token that was mailed to an address which it confirms.</summary>
    /// <returns><c>confirmed</c>; <c>taken</c>: it is another account's by now; null: the token is not good.</returns>
    public async Task<string?> ConfirmEmailAsync(MailedToken token, CancellationToken cancellationToken) =>
        (
            await database.QuerySingleOrDefaultAsync<Confirmation>(
                """
                with done as materialized (
                    select outcome, user_id, left_address from identity.confirm_email(@mailId, @hash, @now)
                )
                select outcome,
                    case when left_address is not null
                        then identity.write_mail(@noticeId, user_id, 'email_changed', @now, left_address) end::text
                from done
                """,
                new
                {
                    token.MailId,
                    token.Hash,
                    noticeId = mails.NewId(),
                    now = clock.UtcNow(),
                },
                cancellationToken
            )
        )?.Outcome;

    /// <returns>The address of the account whose password the token would change; null: it is not good.</returns>
    public async Task<string?> FindPasswordResetAsync(MailedToken token, CancellationToken cancellationToken) =>
        (
            await database.QuerySingleOrDefaultAsync<PasswordReset>(
                "select identity.find_password_reset(@hash, @now) as email",
                new { token.Hash, now = clock.UtcNow() },
                cancellationToken
            )
        )?.Email;

    /// <summary>Spends the token; every session of the account ends.</summary>
    /// <returns>Whose account it is; null: the token is not good.</returns>
    public Task<Guid?> ResetPasswordAsync(MailedToken token, string newHash, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<Guid?>(
            """
            with change as materialized (select identity.reset_password(@hash, @newHash, @now) as user_id)
            select user_id,
                case when user_id is not null
                    then identity.write_mail(@noticeId, user_id, 'password_changed', @now) end::text
            from change
            """,
            new
            {
                token.Hash,
                newHash,
                noticeId = mails.NewId(),
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    /// <returns>Null: go ahead, the attempt is counted; otherwise no earlier than then.</returns>
    public async Task<DateTimeOffset?> BeginAttemptAsync(
        byte[] key,
        int allowance,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QuerySingleOrDefaultAsync<Throttle>(
                "select identity.begin_attempt(@key, @now, @allowance) as blocked_until",
                new
                {
                    key,
                    now = clock.UtcNow(),
                    allowance,
                },
                cancellationToken
            )
        )?.BlockedUntil;

    /// <summary>Forgets all attempts.</summary>
    public Task ForgiveAttemptsAsync(byte[] key, CancellationToken cancellationToken) =>
        database.QueryAsync<object>("select identity.forgive_attempts(@key)::text", new { key }, cancellationToken);

    /// <summary>Takes one attempt back.</summary>
    public Task TakeBackAttemptAsync(byte[] key, CancellationToken cancellationToken) =>
        database.QueryAsync<object>("select identity.take_back_attempt(@key)::text", new { key }, cancellationToken);

    private sealed record Confirmation
    {
        public required string Outcome { get; init; }
    }

    private sealed record PasswordReset
    {
        public string? Email { get; init; }
    }

    private sealed record Throttle
    {
        public DateTimeOffset? BlockedUntil { get; init; }
    }
}

internal sealed record Credentials
{
    public Guid Id { get; init; }

    public required string Email { get; init; }

    public required string PasswordHash { get; init; }

    public UserRole Role { get; init; }

    public bool IsActive { get; init; }
}

/// <summary>What became of a refresh token.</summary>
internal sealed record Rotation
{
    public required string Outcome { get; init; }

    public Guid? UserId { get; init; }

    public UserRole? Role { get; init; }

    public bool IsGood => Outcome is "rotated" or "retried";
}
