using System.Security.Cryptography;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.UnitTests.Identity;

internal sealed class SigningKeysTests
{
    [Test]
    public void The_last_key_signs_and_all_verify()
    {
        var keys = Keys(
            ("2026-b", Pem(ECCurve.NamedCurves.nistP256)),
            ("2026-a", Base64(ECCurve.NamedCurves.nistP256))
        );

        Assert.That(keys.All.Select(key => key.KeyId), Is.EqualTo(new[] { "2026-a", "2026-b" }));
        Assert.That(keys.Signing.Key.KeyId, Is.EqualTo("2026-b"));
    }

    [Test]
    public void Without_configuration_one_is_made_and_found_again()
    {
        var secrets = new SecretsInMemory();

        var first = new SigningKeys(new BeaconOptions(), secrets).All.Single();

        Assert.That(new SigningKeys(new BeaconOptions(), secrets).All.Single().KeyId, Is.EqualTo(first.KeyId));
    }

    [TestCase("")]
    [TestCase("no base64!")]
    [TestCase("AAAA")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void A_key_that_is_none_is_named(string key) =>
        Assert.That(
            () => Keys(("2026-a", key)),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("CryptoBeacon:Jwt:SigningKeys:2026-a")
        );

    [Test]
    public void A_key_of_another_curve_is_refused() =>
        Assert.That(() => Keys(("a", Pem(ECCurve.NamedCurves.nistP384))), Throws.TypeOf<ConfigurationException>());

    [Test]
    public void A_public_key_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.That(() => Keys(("a", key.ExportSubjectPublicKeyInfoPem())), Throws.TypeOf<ConfigurationException>());
    }

    private static SigningKeys Keys(params (string Kid, string Key)[] keys) =>
        new(
            new BeaconOptions
            {
                Jwt = new BeaconOptions.JwtOptions { SigningKeys = keys.ToDictionary(key => key.Kid, key => key.Key) },
            },
            new SecretsInMemory()
        );

    private static string Pem(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string Base64(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return Convert.ToBase64String(key.ExportPkcs8PrivateKey());
    }
}
