using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.Identity.Domain;

/// <summary>
/// Passwords by length and list (NIST SP 800-63B-4), no composition rules. They are taken to the letter: neither trimmed nor normalised,
/// since the server runs without the Unicode data that normalisation needs (docs/threat-model.md, "What is accepted").
/// </summary>
internal static class PasswordRules
{
    public const int MinLength = 15;
    public const int MaxLength = 128;

    // "a" is in nearly every password: a local part shorter than this tells a guesser nothing.
    private const int MinTellingLocalPart = 3;

    /// <summary>Why this can't be the password of that address; null when it can.</summary>
    public static string? Complaint(string password, string? email)
    {
        if (LengthComplaint(password) is { } complaint)
        {
            return complaint;
        }

        var localPart = EmailAddress.LocalPart(email ?? "");
        if (Tells(password, localPart) || Tells(password, localPart.Split('+')[0]))
        {
            return "must not contain the e-mail address's local part";
        }

        return CommonPasswords.Contains(password) ? "is one of the passwords that are guessed first" : null;
    }

    private static bool Tells(string password, string name) =>
        name.Length >= MinTellingLocalPart && password.Contains(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Characters are code points, so that an emoji is one.</summary>
    public static string? LengthComplaint(string password) =>
        password.EnumerateRunes().Count() is >= MinLength and <= MaxLength
            ? null
            : $"must have {MinLength} to {MaxLength} characters";

    public static void NewPassword<T>(this IRuleBuilder<T, string?> rule, Func<T, string?> email) =>
        rule.Custom(
            (password, context) =>
            {
                var complaint = string.IsNullOrEmpty(password)
                    ? "is required"
                    : Complaint(password, email(context.InstanceToValidate));
                if (complaint is not null)
                {
                    context.AddFailure(complaint);
                }
            }
        );
}
