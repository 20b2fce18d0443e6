using System.Globalization;
using System.Net;

namespace CryptoBeacon.Identity.Domain;

/// <summary>What is mailed to users. Notices carry nothing to act with; the others carry a token that comes back.</summary>
internal enum MailKind
{
    VerifyEmail,
    ResetPassword,
    ChangeEmail,
    EmailChangeRequested,
    EmailChanged,
    PasswordChanged,
    MfaEnabled,
    MfaDisabled,
    RecoveryCodesRenewed,
    NewDevice,
    TokenCreated,
}

/// <summary>What a mail is about.</summary>
internal sealed record MailContents
{
    /// <summary>A <see cref="MailKind"/>, as the database spells it.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it goes.</summary>
    public required string Address { get; init; }

    public required DateTimeOffset HappenedAt { get; init; }

    /// <summary>How long the token is good; null: there is none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string? IpAddress { get; init; }

    public string? UserAgent { get; init; }
}

/// <summary>
/// A mail's words, as text and as HTML. Nothing in them is of a user's choice but the user agent, or strangers could have us mail what they like to
/// whom they like.
/// </summary>
internal sealed record Letter(string Subject, IReadOnlyList<string> Paragraphs, string? Token)
{
    private const string Signature = "Crypto Beacon Trader Hub";

    private const string NotYou =
        "If this was not you, change your password and look through the signed-in devices and access tokens of your account.";

    /// <param name="token">What the mail's reader shows that it arrived with.</param>
    public static Letter Of(MailContents mail, string token)
    {
        var (at, until) = (Time(mail.HappenedAt), mail.ExpiresAt is { } end ? Time(end) : "");
        (string Subject, string[] Paragraphs) words = WireName.Parse<MailKind>(mail.Kind) switch
        {
            MailKind.VerifyEmail => (
                "Confirm your e-mail address",
                [
                    "An account of Crypto Beacon was made with this e-mail address.",
                    $"Confirm that it is yours with what follows. It is good once, until {until}.",
                    "If you made no account, leave this mail alone.",
                ]
            ),
            MailKind.ResetPassword => (
                "Choose a new password",
                [
                    $"Somebody asked at {at} for a new password for your account.",
                    $"Choose one with what follows. It is good once, until {until}; all devices are signed out by it.",
                    "If it was not you, leave this mail alone: your password stays as it is.",
                ]
            ),
            MailKind.ChangeEmail => (
                "Confirm your new e-mail address",
                [
                    "The owner of an account of Crypto Beacon wants this to be its e-mail address.",
                    $"Confirm it with what follows. It is good once, until {until}.",
                    "If you know nothing of it, leave this mail alone.",
                ]
            ),
            MailKind.EmailChangeRequested => (
                "A new e-mail address was asked for",
                [$"At {at} another e-mail address was asked for your account. It counts once it is confirmed.", NotYou]
            ),
            MailKind.EmailChanged => (
                "Your e-mail address was changed",
                [
                    $"At {at} the e-mail address of your account was changed to another. This is the last mail to the old one.",
                    "If this was not you, write to whoever runs this installation.",
                ]
            ),
            MailKind.PasswordChanged => (
                "Your password was changed",
                [
                    $"At {at} the password of your account was changed, and all other devices were signed out.",
                    "If this was not you, ask for a new password at once.",
                ]
            ),
            MailKind.MfaEnabled => (
                "Two-factor authentication is on",
                [$"At {at} a second factor was switched on for your account.", NotYou]
            ),
            MailKind.MfaDisabled => (
                "Two-factor authentication is off",
                [$"At {at} the second factor of your account was switched off.", NotYou]
            ),
            MailKind.RecoveryCodesRenewed => (
                "New recovery codes",
                [$"At {at} new recovery codes were made for your account; the old ones are worth nothing now.", NotYou]
            ),
            MailKind.NewDevice => (
                "A new device signed in to your account",
                [
                    $"At {at} your account was signed in to from a device that it has not seen lately: {mail.UserAgent ?? "an unnamed program"} at {mail.IpAddress ?? "an unknown address"}.",
                    NotYou,
                ]
            ),
            MailKind.TokenCreated => (
                "A new personal access token",
                [$"At {at} a personal access token was made for your account.", NotYou]
            ),
            _ => throw new InvalidOperationException($"There are no words for {mail.Kind}."),
        };
        return new Letter(words.Subject, words.Paragraphs, mail.ExpiresAt is null ? null : token);
    }

    public string Text =>
        string.Join(
            "\r\n\r\n",
            [.. Paragraphs, .. Token is null ? [] : new[] { $"Token: {Token}" }, "-- \r\n" + Signature, ""]
        );

    public string Html =>
        $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>{Encode(Subject)}</title></head>
            <body style="font-family: sans-serif; max-width: 36em; margin: 2em auto; line-height: 1.5">
            <h1 style="font-size: 1.2em">{Encode(Subject)}</h1>
            {string.Join('\n', Paragraphs.Select(paragraph => $"<p>{Encode(paragraph)}</p>"))}
            {(Token is null ? "" : $"<p>Token: <code>{Encode(Token)}</code></p>")}
            <p style="color: #666">{Signature}</p>
            </body>
            </html>
            """;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
