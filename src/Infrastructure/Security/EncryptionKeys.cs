using System.Security.Cryptography;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Security;

namespace CryptoBeacon.Infrastructure.Security;

/// <summary>
/// The key-encryption keys by id: those configured, or those made in the data directory, a line each, the newest last. The latter's id is a
/// fingerprint, so that a lost file shows as a missing key and not as garbage. The file is read at each use, which is rare, so that a rotation is known at
/// once to every server that shares it.
/// </summary>
internal sealed class EncryptionKeys : IKeyRing
{
    private const string Section = "CryptoBeacon:Encryption";
    private const string FileName = "encryption-key";
    private const int MaxIdLength = 100;
    public const int Size = 32;

    private readonly ISecretStore _secrets;
    private readonly Ring? _configured;

    public EncryptionKeys(BeaconOptions options, ISecretStore secrets)
    {
        _secrets = secrets;
        var configured = options.Encryption.Keys;
        if (configured.Count == 0)
        {
            _ = Current;
            return;
        }

        var keys = configured.ToDictionary(key => key.Key, key => Convert.FromBase64String(key.Value));
        if (keys.Keys.FirstOrDefault(id => id.Length > MaxIdLength || !id.All(char.IsAscii)) is { } badId)
        {
            throw new ConfigurationException(
                $"Configuration: {Section}:Keys:{badId} must have an id of at most {MaxIdLength} ASCII characters."
            );
        }

        var currentId =
            options.Encryption.CurrentKeyId
            ?? (keys.Count == 1 ? keys.Keys.Single() : null)
            ?? throw new ConfigurationException(
                $"Configuration: {Section}:CurrentKeyId must name one of {Section}:Keys, since there are several."
            );
        _configured = new Ring(currentId, keys);
    }

    public string Name => "encryption key";

    /// <summary>The key that seals; all of them open.</summary>
    public (string Id, byte[] Key) Current
    {
        get
        {
            var ring = _configured ?? ReadFile();
            return (ring.CurrentId, ring.Keys[ring.CurrentId]);
        }
    }

    public byte[] this[string id] =>
        (_configured ?? ReadFile()).Keys.TryGetValue(id, out var key)
            ? key
            : throw new SealedFieldException(
                $"A stored secret is sealed with the key {id}, which is not there. It belongs into {Section}:Keys, or into the data directory."
            );

    public string? Rotate()
    {
        if (_configured is not null)
        {
            return null;
        }

        _secrets.Replace(FileName, keys => $"{keys.TrimEnd()}\n{NewKey()}\n");
        return Current.Id;
    }

    private Ring ReadFile()
    {
        var keys = _secrets
            .GetOrCreate(FileName, NewKey)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Read)
            .ToList();
        return new Ring(keys[^1].Id, keys.ToDictionary(key => key.Id, key => key.Key));
    }

    private static (string Id, byte[] Key) Read(string line)
    {
        var key = new byte[Size];
        return Convert.TryFromBase64String(line, key, out var size) && size == Size
            ? ("file-" + Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 6)), key)
            : throw new ConfigurationException(
                $"The file keys/{FileName} in CryptoBeacon:DataDirectory must hold base64 of {Size} bytes on each line."
            );
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size));

    private sealed record Ring(string CurrentId, Dictionary<string, byte[]> Keys);
}
