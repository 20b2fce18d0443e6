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

        var first = new SigningKeys(new BeaconOptions(), secrets, TimeProvider.System).All.Single();

        Assert.That(
            new SigningKeys(new BeaconOptions(), secrets, TimeProvider.System).All.Single().KeyId,
            Is.EqualTo(first.KeyId)
        );
    }

    [Test]
    public void A_new_key_signs_and_the_one_before_still_verifies_on_every_server()
    {
        var secrets = new SecretsInMemory();
        var (one, other) = (
            new SigningKeys(new BeaconOptions(), secrets, TimeProvider.System),
            new SigningKeys(new BeaconOptions(), secrets, TimeProvider.System)
        );
        var first = one.Signing.Key.KeyId;

        var second = one.Rotate();

        Assert.That(one.Signing.Key.KeyId, Is.EqualTo(second).And.Not.EqualTo(first));
        Assert.That(one.All.Select(key => key.KeyId), Is.EqualTo(new[] { first, second }));
        Assert.That(other.Find(second!).Single().KeyId, Is.EqualTo(second));
        Assert.That(other.Find(first).Single().KeyId, Is.EqualTo(first));
        Assert.That(other.Find("unknown"), Is.Empty);
    }

    [Test]
    public void Configured_keys_are_rotated_where_they_are_configured() =>
        Assert.That(Keys(("a", Pem(ECCurve.NamedCurves.nistP256))).Rotate(), Is.Null);

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
            new SecretsInMemory(),
            TimeProvider.System
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
