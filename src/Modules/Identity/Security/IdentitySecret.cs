using System.Security.Cryptography;
using System.Text;
using CryptoBeacon.Application.Configuration;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// The server's secret behind refresh tokens and throttle keys. Instances that share no data directory share
/// <c>CryptoBeacon:Database:RoleSecret</c>, from which it is derived then.
/// </summary>
internal sealed class IdentitySecret(BeaconOptions options, ISecretStore secrets)
{
    private readonly byte[] _root = Convert.FromBase64String(
        options.Database.RoleSecret
            ?? secrets.GetOrCreate("identity-secret", () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))
    );

    /// <summary>A key for one purpose, which tells nothing about those of others.</summary>
    public byte[] KeyFor(string purpose) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            _root,
            32,
            info: Encoding.UTF8.GetBytes($"crypto-beacon identity {purpose}")
        );
}
