using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// What is guessed first. The list holds nearly 60,000 passwords that were found in breaches: the 50,000 commonest, and of the commonest million
/// all that are long enough for us. It is shipped as the first bytes of their hashes (<c>common-passwords.bin</c>; <c>build.cake</c> says
/// how it is made). Since most of them are shorter than what we ask for, what is refused is a password of the list and what people make of
/// one to get it past a minimal length: said twice, two in a row, digits before or after.
/// </summary>
internal static class CommonPasswords
{
    /// <summary>Enough that no two of a billion others fall among them.</summary>
    private const int PrefixSize = 6;

    // Too new or too much our own to be in the list.
    private static readonly FrozenSet<string> OurOwn = new[]
    {
        "1q2w3e4r5t6y7u8i9o0p",
        "abcdefghijklmnopqrstuvwxyz",
        "cryptobeaconpassword",
        "cryptobeacontraderhub",
        "mysecretpassword",
        "qwertyuiopasdfghjklzxcvbnm",
        "thisismypassword",
    }.ToFrozenSet();

    // Too long for lists of what was breached often, and known to everybody who makes such lists.
    private static readonly FrozenSet<string> Famous = new[]
    {
        "callmeishmaelsomeyearsago",
        "correcthorsebatterystaple",
        "inthebeginningwastheword",
        "itwasthebestoftimes",
        "jackdawslovemybigsphinxofquartz",
        "loremipsumdolorsit",
        "loremipsumdolorsitamet",
        "maytheforcebewithyou",
        "myvoiceismypassport",
        "nevergonnagiveyouup",
        "notyourkeysnotyourcoins",
        "ourfatherwhoartinheaven",
        "satoshinakamoto",
        "thequickbrownfox",
        "thequickbrownfoxjumps",
        "thequickbrownfoxjumpsoverthelazydog",
        "tobeornottobethatisthequestion",
        "whatisyourpassword",
        "youshallnotpass",
    }.ToFrozenSet();

    private static readonly FrozenSet<long> Known = Read();

    public static int Count => Known.Count;

    public static bool Contains(string password)
    {
        var text = password.ToLowerInvariant();
        var core = text.Trim([.. text.Where(c => !char.IsLetter(c)).Distinct()]);
        return Famous.Contains(text)
            || IsGuessedFirst(text)
            || IsTwoInARow(text)
            || (core.Length * 2 >= text.Length && core.Length < text.Length && IsGuessedFirst(core));
    }

    private static bool IsGuessedFirst(string text) => IsListed(text) || IsRepetition(text);

    private static bool IsTwoInARow(string text) =>
        Enumerable.Range(1, Math.Max(0, text.Length - 1)).Any(at => IsListed(text[..at]) && IsListed(text[at..]));

    /// <summary>
    /// A text again and again: any that comes three times, such as <c>aaaaaaaaaaaaaaa</c> or <c>bitcoinbitcoinbitcoin</c>, and one of the list that
    /// comes twice.
    /// </summary>
    private static bool IsRepetition(string text) =>
        Enumerable
            .Range(1, text.Length / 2)
            .Any(period =>
                text.AsSpan(period).SequenceEqual(text.AsSpan(0, text.Length - period))
                && (period <= text.Length / 3 || IsListed(text[..period]))
            );

    private static bool IsListed(string text) =>
        OurOwn.Contains(text) || Known.Contains(Prefix(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    private static FrozenSet<long> Read()
    {
        using var resource = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.bin")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes.Chunk(PrefixSize).Select(prefix => Prefix(prefix)).ToFrozenSet();
    }

    private static long Prefix(ReadOnlySpan<byte> hash)
    {
        var prefix = 0L;
        foreach (var part in hash[..PrefixSize])
        {
            prefix = prefix << 8 | part;
        }

        return prefix;
    }
}
