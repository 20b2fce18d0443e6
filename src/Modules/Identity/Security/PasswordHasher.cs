using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using NSec.Cryptography;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// Argon2id with OWASP's parameters, kept as a PHC string, so that a hash says how it was made and can be made stronger at the next sign-in. No
/// more at once than there are cores: a flood of sign-ins waits in line instead of taking the machine and its memory.
/// </summary>
internal sealed partial class PasswordHasher : IDisposable
{
    private const int HashSize = 32;
    private const int SaltSize = 16;
    private static readonly Cost Today = new(MemoryKib: 19 * 1024, Passes: 2, Lanes: 1);

    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);
    private readonly Lazy<Task<string>> _nobodys;

    public PasswordHasher() =>
        _nobodys = new Lazy<Task<string>>(() =>
            HashAsync(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)), CancellationToken.None)
        );

    public Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        return RunAsync(() => Format(Today, salt, Derive(password, salt, HashSize, Today)), cancellationToken);
    }

    /// <param name="hash">Null, where there is no such account, takes as long and is always wrong.</param>
    public async Task<bool> VerifyAsync(string password, string? hash, CancellationToken cancellationToken)
    {
        var (cost, salt, expected) = Parse(hash ?? await _nobodys.Value);
        var isEqual = await RunAsync(
            () => CryptographicOperations.FixedTimeEquals(Derive(password, salt, expected.Length, cost), expected),
            cancellationToken
        );
        return isEqual && hash is not null;
    }

    /// <summary>Whether the parameters have risen since the hash was made.</summary>
    public static bool IsOutdated(string hash) => Parse(hash).Cost != Today;

    public void Dispose() => _cores.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            _cores.Release();
        }
    }

    private static byte[] Derive(string password, byte[] salt, int size, Cost cost) =>
        PasswordBasedKeyDerivationAlgorithm
            .Argon2id(
                new Argon2Parameters
                {
                    MemorySize = cost.MemoryKib,
                    NumberOfPasses = cost.Passes,
                    DegreeOfParallelism = cost.Lanes,
                }
            )
            .DeriveBytes(Encoding.UTF8.GetBytes(password), salt, size);

    private static string Format(Cost cost, byte[] salt, byte[] hash) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={cost.MemoryKib},t={cost.Passes},p={cost.Lanes}${Base64(salt)}${Base64(hash)}"
        );

    private static (Cost Cost, byte[] Salt, byte[] Hash) Parse(string phc)
    {
        var parts = Phc().Match(phc);
        return parts.Success
            ? (new Cost(Number("m"), Number("t"), Number("p")), Bytes("salt"), Bytes("hash"))
            : throw new FormatException("A stored password hash is no Argon2id PHC string.");

        int Number(string name) => int.Parse(parts.Groups[name].Value, CultureInfo.InvariantCulture);
        byte[] Bytes(string name)
        {
            var text = parts.Groups[name].Value;
            return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
    }

    /// <summary>PHC strings leave the padding out.</summary>
    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    [GeneratedRegex(
        @"\A\$argon2id\$v=19\$m=(?<m>\d{1,7}),t=(?<t>\d{1,3}),p=(?<p>\d)\$(?<salt>[A-Za-z0-9+/]+)\$(?<hash>[A-Za-z0-9+/]+)\z",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Phc();

    private readonly record struct Cost(int MemoryKib, int Passes, int Lanes);
}
