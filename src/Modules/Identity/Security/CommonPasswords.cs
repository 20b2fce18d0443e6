using System.Collections.Frozen;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// A modest list of what is guessed first among passwords of fifteen characters and more: the rows of a keyboard, counting, the product's own
/// words, and any short text said over and over. It is no breach corpus.
/// </summary>
internal static class CommonPasswords
{
    private static readonly FrozenSet<string> Known = new[]
    {
        "1234567890123456",
        "123456789012345",
        "12345678901234567890",
        "1234567890qwertyuiop",
        "1q2w3e4r5t6y7u8i9o0p",
        "1qaz2wsx3edc4rfv",
        "1qaz2wsx3edc4rfv5tgb",
        "123456789abcdefg",
        "0123456789abcdef",
        "abcdefghijklmno",
        "abcdefghijklmnop",
        "abcdefghijklmnopqrstuvwxyz",
        "administrator123",
        "administrator1234",
        "changemechangeme",
        "correcthorsebatterystaple",
        "cryptobeaconpassword",
        "cryptobeacontraderhub",
        "defaultpassword",
        "defaultpassword1",
        "iloveyouforever",
        "letmeinletmein1",
        "mypasswordispassword",
        "mysecretpassword",
        "passwordpassword",
        "password123456789",
        "password12345678",
        "password1234567",
        "qazwsxedcrfvtgb",
        "qazwsxedcrfvtgbyhnujm",
        "qwertyuiopasdfgh",
        "qwertyuiopasdfghjkl",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertyuiop123456",
        "qwertyuiop1234567890",
        "qwerty1234567890",
        "thisismypassword",
        "thisispassword1",
        "welcomewelcome1",
        "zxcvbnmasdfghjkl",
        "zxcvbnmasdfghjklqwertyuiop",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string password) => Known.Contains(password) || IsRepetition(password);

    /// <summary>A text of up to a third of the length, again and again: <c>aaaaaaaaaaaaaaa</c>, <c>bitcoinbitcoinbitcoin</c>.</summary>
    private static bool IsRepetition(string password) =>
        Enumerable
            .Range(1, password.Length / 3)
            .Any(period =>
                password
                    .AsSpan(period)
                    .Equals(password.AsSpan(0, password.Length - period), StringComparison.OrdinalIgnoreCase)
            );
}
