using CryptoBeacon.Identity.Security;

namespace CryptoBeacon.UnitTests.Identity;

internal sealed class PasswordHasherTests
{
    private const string Password = "correct horse battery staple";

    private readonly PasswordHasher _passwords = new();

    [OneTimeTearDown]
    public void Dispose() => _passwords.Dispose();

    [Test]
    public async Task A_password_verifies_against_its_hash_and_no_other_does()
    {
        var hash = await _passwords.HashAsync(Password, default);

        Assert.That(await _passwords.VerifyAsync(Password, hash, default), Is.True);
        Assert.That(await _passwords.VerifyAsync(Password + " ", hash, default), Is.False);
        Assert.That(await _passwords.VerifyAsync(Password.ToUpperInvariant(), hash, default), Is.False);
    }

    [Test]
    public async Task Nobody_has_a_password() =>
        Assert.That(await _passwords.VerifyAsync(Password, null, default), Is.False);

    [Test]
    public async Task A_hash_says_how_it_was_made_and_is_salted()
    {
        var hash = await _passwords.HashAsync(Password, default);

        Assert.That(hash, Does.Match(@"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$"));
        Assert.That(await _passwords.HashAsync(Password, default), Is.Not.EqualTo(hash));
        Assert.That(PasswordHasher.IsOutdated(hash), Is.False);
    }

    /// <summary>Made by the reference implementation: <c>argon2 somesaltsomesalt -id -t 1 -k 8192 -p 1 -l 32 -e</c>.</summary>
    [Test]
    public async Task A_hash_of_lower_parameters_verifies_and_is_outdated()
    {
        const string weak =
            "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$EstMPFmPwEV1ZKsYgQUv5J+Zg0iQylaykGB5kmbPnSE";

        Assert.That(PasswordHasher.IsOutdated(weak), Is.True);
        Assert.That(await _passwords.VerifyAsync(Password, weak, default), Is.True);
    }
}
