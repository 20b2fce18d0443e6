using System.Text.RegularExpressions;

namespace CryptoBeacon.Identity.Domain;

/// <summary>
/// What counts as an e-mail address: what browsers accept (HTML, <c>type=email</c>), and letters of any alphabet. Whether mail arrives there
/// only a mail can tell. Stored as given, compared without case.
/// </summary>
internal static partial class EmailAddress
{
    public const int MaxLength = 254;

    public static bool IsValid(string email) => email.Length <= MaxLength && Form().IsMatch(email);

    /// <summary>What stands before the @.</summary>
    public static string LocalPart(string email) => email[..Math.Max(0, email.LastIndexOf('@'))];

    public static IRuleBuilderOptions<T, string?> EmailAddressRule<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(email => email is null or "" || IsValid(email))
            .WithMessage($"must be an e-mail address of at most {MaxLength} characters");

    [GeneratedRegex(
        """
            \A[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*
            @[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?)*\z
            """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace | RegexOptions.NonBacktracking
    )]
    private static partial Regex Form();
}
