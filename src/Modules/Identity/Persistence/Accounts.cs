using CryptoBeacon.Identity.Domain;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Persistence;

/// <summary>
/// The definer functions of the schema: what must be asked and done before it is known who asks. Each is one statement that commits by
/// itself.
/// </summary>
internal sealed class Accounts(IAutoCommitDatabase database, TimeProvider clock)
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
            "select identity.register_user(@id, @email, @passwordHash, @displayName, @now)",
            new
            {
                id,
                email,
                passwordHash,
                displayName,
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
            select identity.open_session(
                @sessionId, @userId, @passwordHash, @strongerHash, @tokenHash, @now, @expiresAt, @address::inet, @userAgent)
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
        string verifiedHash,
        string newHash,
        Guid? keptSessionId,
        CancellationToken cancellationToken
    ) =>
        database.QuerySingleOrDefaultAsync<bool>(
            "select identity.change_password(@verifiedHash, @newHash, @keptSessionId, @now)",
            new
            {
                verifiedHash,
                newHash,
                keptSessionId,
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
