using System.Security.Cryptography;
using System.Text;

namespace CryptoBeacon.Identity.Security;

/// <summary>For the day the authenticator is lost: nearly eighty random bits each, too many to be guessed from their plain hash.</summary>
internal static class RecoveryCodes
{
    public const int Count = 10;

    // Without what looks alike on paper: i, l, o, 0, 1 and u.
    private const string Alphabet = "abcdefghjkmnpqrstvwxyz23456789";
    private const int GroupSize = 4;
    private const int Groups = 4;

    public static string[] Make() =>
        [
            .. Enumerable
                .Range(0, Count)
                .Select(_ =>
                    string.Join(
                        '-',
                        Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Alphabet, GroupSize))
                    )
                ),
        ];

    /// <summary>Of what somebody types, with or without hyphens and capitals.</summary>
    public static byte[] Hash(string code) =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes(
                code.Replace("-", "", StringComparison.Ordinal)
                    .Replace(" ", "", StringComparison.Ordinal)
                    .ToLowerInvariant()
            )
        );
}
