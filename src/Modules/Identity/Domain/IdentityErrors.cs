namespace CryptoBeacon.Identity.Domain;

internal static class IdentityErrors
{
    public static readonly Error EmailTaken = Error.Conflict(
        "email_taken",
        "An account with this e-mail address exists."
    );

    /// <summary>The same whether the address, the password or the account's state is what is wrong.</summary>
    public static readonly Error InvalidCredentials = new(
        ErrorKind.Unauthorized,
        "invalid_credentials",
        "There is no active account with this e-mail address and password."
    );

    /// <summary>The same whether it is unknown, expired, used before or of an ended session.</summary>
    public static readonly Error InvalidRefreshToken = new(
        ErrorKind.Unauthorized,
        "invalid_refresh_token",
        "The refresh token is not good any more; sign in again."
    );

    /// <summary>The same whether it is unknown, expired, used before or tried too often.</summary>
    public static readonly Error InvalidMfaToken = new(
        ErrorKind.Unauthorized,
        "invalid_mfa_token",
        "The token is not good any more; sign in again."
    );

    /// <summary>The same whether it is wrong or was used before.</summary>
    public static readonly Error InvalidCode = new(
        ErrorKind.Unauthorized,
        "invalid_code",
        "The code is wrong or was used before."
    );

    /// <summary>The same whether it is unknown, expired, used before or of a closed account.</summary>
    public static readonly Error InvalidMailedToken = Error.Invalid("token", "is not good any more") with
    {
        Code = "invalid_token",
    };

    public static readonly Error EmailVerified = Error.Conflict("email_verified", "The e-mail address is confirmed.");

    public static readonly Error MailUnavailable = new(
        ErrorKind.Unavailable,
        "mail_unavailable",
        "This installation sends no mail."
    );

    public static readonly Error MfaIsOn = Error.Conflict("mfa_enabled", "A second factor is on already.");

    public static readonly Error MfaIsOff = Error.Conflict("mfa_not_enabled", "There is no second factor.");

    public static readonly Error LastAdministrator = Error.Conflict(
        "last_administrator",
        "The last administrator can't be demoted, deactivated or erased."
    );

    public static readonly Error SessionNotFound = Error.NotFound("session");

    public static readonly Error VerificationNotFound = Error.NotFound("verification");

    public static readonly Error TokenNotFound = Error.NotFound("token");

    public static readonly Error UserNotFound = Error.NotFound("user");

    public static Error TooManyAttempts(TimeSpan wait) =>
        new(ErrorKind.TooManyRequests, "too_many_attempts", "Too many attempts that were wrong; wait before the next.")
        {
            RetryAfter = wait,
        };

    public static Error TooManyMails(TimeSpan wait) =>
        new(ErrorKind.TooManyRequests, "too_many_mails", "Mails were asked for too often; wait before the next.")
        {
            RetryAfter = wait,
        };
}
