using System.Security.Cryptography;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Security;

namespace CryptoBeacon.Infrastructure.Security;

/// <summary>
/// The key-encryption keys by id: those configured, or one made once in the data directory. The latter's id is a fingerprint, so that a lost file
/// shows as a missing key and not as garbage.
/// </summary>
internal sealed class EncryptionKeys
{
    private const string Section = "CryptoBeacon:Encryption";
    private const int MaxIdLength = 100;
    public const int Size = 32;

    private readonly Dictionary<string, byte[]> _keys;

    public EncryptionKeys(BeaconOptions options, ISecretStore secrets)
    {
        var configured = options.Encryption.Keys;
        if (configured.Count == 0)
        {
            var key = Convert.FromBase64String(
                secrets.GetOrCreate(
                    "encryption-key",
                    () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size))
                )
            );
            CurrentId = "file-" + Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 6));
            _keys = new() { [CurrentId] = key };
            return;
        }

        _keys = configured.ToDictionary(key => key.Key, key => Convert.FromBase64String(key.Value));
        if (_keys.Keys.FirstOrDefault(id => id.Length > MaxIdLength || !id.All(char.IsAscii)) is { } badId)
        {
            throw new ConfigurationException(
                $"Configuration: {Section}:Keys:{badId} must have an id of at most {MaxIdLength} ASCII characters."
            );
        }

        CurrentId =
            options.Encryption.CurrentKeyId
            ?? (_keys.Count == 1 ? _keys.Keys.Single() : null)
            ?? throw new ConfigurationException(
                $"Configuration: {Section}:CurrentKeyId must name one of {Section}:Keys, since there are several."
            );
    }

    /// <summary>The key that seals; all of them open.</summary>
    public string CurrentId { get; }

    public byte[] this[string id] =>
        _keys.TryGetValue(id, out var key)
            ? key
            : throw new SealedFieldException(
                $"A stored secret is sealed with the key {id}, which is not there. It belongs into {Section}:Keys, or into the data directory."
            );
}
