using System.Security.Cryptography;
using CryptoBeacon.Application.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// The ES256 keys of access tokens: those configured by <c>kid</c>, or one made once. All of them verify, the last in alphabetical order signs, so
/// that a key is rotated by adding one.
/// </summary>
internal sealed class SigningKeys
{
    private const string ConfigurationKey = "CryptoBeacon:Jwt:SigningKeys";

    public SigningKeys(BeaconOptions options, ISecretStore secrets)
    {
        All =
            options.Jwt.SigningKeys.Count > 0
                ?
                [
                    .. options
                        .Jwt.SigningKeys.OrderBy(key => key.Key, StringComparer.Ordinal)
                        .Select(key => Read(key.Key, key.Value)),
                ]
                : [MadeHere(secrets)];
        Signing = new SigningCredentials(All[^1], SecurityAlgorithms.EcdsaSha256);
    }

    public IReadOnlyList<ECDsaSecurityKey> All { get; }

    public SigningCredentials Signing { get; }

    private static ECDsaSecurityKey MadeHere(ISecretStore secrets)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(
            secrets.GetOrCreate(
                "jwt-signing-key",
                () =>
                {
                    using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                    return made.ExportPkcs8PrivateKeyPem();
                }
            )
        );
        var named = new ECDsaSecurityKey(key);
        named.KeyId = Base64UrlEncoder.Encode(named.ComputeJwkThumbprint());
        return named;
    }

    private static ECDsaSecurityKey Read(string kid, string privateKey)
    {
        var key = ECDsa.Create();
        try
        {
            if (privateKey.Contains("-----BEGIN", StringComparison.Ordinal))
            {
                key.ImportFromPem(privateKey);
            }
            else
            {
                key.ImportPkcs8PrivateKey(Convert.FromBase64String(privateKey), out _);
            }

            // A public key or another curve is readable, too, and no use.
            if (
                key.ExportParameters(includePrivateParameters: true) is
                { D: not null, Curve.Oid.FriendlyName: "nistP256" or "ECDSA_P256" }
            )
            {
                return new ECDsaSecurityKey(key) { KeyId = kid };
            }
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or ArgumentException)
        {
            // Said below.
        }

        throw new ConfigurationException(
            $"Configuration: {ConfigurationKey}:{kid} must be a private P-256 key in PKCS #8, as PEM or base64."
        );
    }
}
