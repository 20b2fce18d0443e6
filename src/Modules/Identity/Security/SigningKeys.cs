using System.Security.Cryptography;
using CryptoBeacon.Application.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// The ES256 keys of access tokens. Configured ones by <c>kid</c>: all of them verify, the last in alphabetical order signs, so that a key is rotated by
/// adding one. Otherwise those made in the data directory: the last one signs, and those before it verify as long as there are tokens of theirs.
/// </summary>
internal sealed class SigningKeys : IKeyRing
{
    private const string ConfigurationKey = "CryptoBeacon:Jwt:SigningKeys";
    private const string FileName = "jwt-signing-key";
    private const string Made = "made ";
    private const string PemEnd = "-----END PRIVATE KEY-----";
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly ISecretStore _secrets;
    private readonly TimeProvider _clock;
    private readonly bool _areConfigured;
    private Ring _ring;

    public SigningKeys(BeaconOptions options, ISecretStore secrets, TimeProvider clock)
    {
        (_secrets, _clock) = (secrets, clock);
        var configured = options.Jwt.SigningKeys.OrderBy(key => key.Key, StringComparer.Ordinal).ToList();
        _areConfigured = configured.Count > 0;
        _ring = _areConfigured
            ? new Ring("", [.. configured.Select(key => Read(key.Key, key.Value))], clock.GetUtcNow())
            : ReadFile(known: null);
    }

    public string Name => "signing key";

    public IReadOnlyList<ECDsaSecurityKey> All => Known().Keys;

    public SigningCredentials Signing => new(All[^1], SecurityAlgorithms.EcdsaSha256);

    /// <summary>The key that <c>kid</c> names, and no other; one that another server has made since this one looked, too.</summary>
    public IEnumerable<SecurityKey> Find(string kid)
    {
        var known = All.Where(key => key.KeyId == kid).ToList();
        return known.Count > 0 || _areConfigured ? known : Reread().Keys.Where(key => key.KeyId == kid);
    }

    public string? Rotate()
    {
        if (_areConfigured)
        {
            return null;
        }

        _secrets.Replace(FileName, text => string.Join('\n', [.. Needed(Pems(text)), NewKey()]));
        return Reread().Keys[^1].KeyId;
    }

    /// <summary>The file is looked at once a second, so that a rotation needs no restart.</summary>
    private Ring Known() => _areConfigured || _clock.GetUtcNow() < _ring.ReadAt + Freshness ? _ring : Reread();

    private Ring Reread() => _ring = ReadFile(_ring);

    private Ring ReadFile(Ring? known)
    {
        var text = _secrets.GetOrCreate(FileName, NewKey);
        return new Ring(text, text == known?.Text ? known.Keys : [.. Pems(text).Select(MadeHere)], _clock.GetUtcNow());
    }

    /// <summary>A key has no tokens left some time after the next one was made. The last one signs until now.</summary>
    private IEnumerable<string> Needed(List<string> pems) =>
        pems.Where(
            (_, i) => i == pems.Count - 1 || MadeAt(pems[i + 1]) > _clock.GetUtcNow() - 2 * AccessTokens.Lifetime
        );

    /// <summary>What stands before a PEM's first line is for people, and for <see cref="MadeAt"/>.</summary>
    private string NewKey()
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return $"{Made}{UtcTime.Format(_clock.GetUtcNow())}\n{made.ExportPkcs8PrivateKeyPem()}";
    }

    private static DateTimeOffset? MadeAt(string pem) =>
        pem.StartsWith(Made, StringComparison.Ordinal)
        && UtcTime.TryParse(pem[Made.Length..pem.IndexOf('\n', StringComparison.Ordinal)], out var time)
            ? time
            : null;

    private static List<string> Pems(string text) =>
        [
            .. text.Split(PemEnd, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(pem => $"{pem}\n{PemEnd}"),
        ];

    private static ECDsaSecurityKey MadeHere(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
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

    private sealed record Ring(string Text, IReadOnlyList<ECDsaSecurityKey> Keys, DateTimeOffset ReadAt);
}
