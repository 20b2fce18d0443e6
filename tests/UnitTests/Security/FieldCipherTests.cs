using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Infrastructure.Security;

namespace CryptoBeacon.UnitTests.Security;

internal sealed class FieldCipherTests
{
    private static readonly byte[] Secret = "the secret"u8.ToArray();
    private static readonly FieldAddress Field = new("identity.mfa_methods.secret", new Guid(1, 0, 0, new byte[8]));

    [Test]
    public void What_is_sealed_opens_and_is_sealed_differently_each_time()
    {
        var cipher = CipherWith("a");

        var (one, other) = (cipher.Seal(Secret, Field), cipher.Seal(Secret, Field));

        Assert.That(cipher.Open(one, Field), Is.EqualTo(Secret));
        Assert.That(one, Is.Not.EqualTo(other));
    }

    [Test]
    public void It_opens_in_its_own_row_and_column_alone()
    {
        var cipher = CipherWith("a");
        var moved = cipher.Seal(Secret, Field);

        Assert.That(() => cipher.Open(moved, Field with { RowId = Guid.Empty }), Throws.TypeOf<SealedFieldException>());
        Assert.That(
            () => cipher.Open(moved, Field with { Column = "api_integration.api_keys.secret" }),
            Throws.TypeOf<SealedFieldException>()
        );
    }

    [Test]
    public void A_changed_bit_anywhere_is_noticed()
    {
        var cipher = CipherWith("a");
        var original = cipher.Seal(Secret, Field);

        for (var i = 0; i < original.Length; i++)
        {
            var changed = original.ToArray();
            changed[i] ^= 1;
            Assert.That(() => cipher.Open(changed, Field), Throws.TypeOf<SealedFieldException>(), $"byte {i}");
        }
    }

    [Test]
    public void Whatever_is_cut_off_is_noticed()
    {
        var cipher = CipherWith("a");
        var original = cipher.Seal(Secret, Field);

        for (var length = 0; length < original.Length; length++)
        {
            var cut = original[..length];
            Assert.That(() => cipher.Open(cut, Field), Throws.TypeOf<SealedFieldException>(), $"{length} bytes");
        }
    }

    [Test]
    public void A_lost_key_is_named()
    {
        var sealedValue = CipherWith("lost").Seal(Secret, Field);

        Assert.That(
            () => CipherWith("a").Open(sealedValue, Field),
            Throws.TypeOf<SealedFieldException>().With.Message.Contains("the key lost")
        );
    }

    [Test]
    public void Another_key_under_the_same_id_is_named()
    {
        var sealedValue = CipherWith("a").Seal(Secret, Field);
        var other = Cipher(new() { ["a"] = Convert.ToBase64String(new byte[32]) }, "a");

        Assert.That(
            () => other.Open(sealedValue, Field),
            Throws.TypeOf<SealedFieldException>().With.Message.Contains("The key a is another")
        );
    }

    [Test]
    public void Rewrapping_frees_a_value_from_its_old_key()
    {
        var sealedValue = CipherWith("old").Seal(Secret, Field);

        var rewrapped = Cipher(new() { ["old"] = KeyOf("old"), ["new"] = KeyOf("new") }, "new").Rewrap(sealedValue);

        Assert.That(CipherWith("new").Open(rewrapped, Field), Is.EqualTo(Secret));
        Assert.That(CipherWith("new").Rewrap(rewrapped), Is.Null);
    }

    [Test]
    public void A_key_that_is_made_here_is_found_again_and_known_by_its_fingerprint()
    {
        var secrets = new Secrets();
        var sealedValue = Here(secrets).Seal(Secret, Field);

        Assert.That(Here(secrets).Open(sealedValue, Field), Is.EqualTo(Secret));
        Assert.That(
            () => Here(new Secrets()).Open(sealedValue, Field),
            Throws.TypeOf<SealedFieldException>().With.Message.Contains("which is not there")
        );
    }

    [Test]
    public void Several_keys_and_no_current_one_stop_the_start() =>
        Assert.That(
            () => Cipher(new() { ["a"] = KeyOf("a"), ["b"] = KeyOf("b") }, current: null),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("CryptoBeacon:Encryption:CurrentKeyId")
        );

    private static FieldCipher CipherWith(string id) => Cipher(new() { [id] = KeyOf(id) }, id);

    private static FieldCipher Here(Secrets secrets) => new(new EncryptionKeys(new BeaconOptions(), secrets));

    private static FieldCipher Cipher(Dictionary<string, string> keys, string? current) =>
        new(
            new EncryptionKeys(
                new BeaconOptions
                {
                    Encryption = new BeaconOptions.EncryptionOptions { Keys = keys, CurrentKeyId = current },
                },
                new Secrets()
            )
        );

    private static string KeyOf(string id) =>
        Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id)));

    private sealed class Secrets : ISecretStore
    {
        private readonly Dictionary<string, string> _made = [];

        public string GetOrCreate(string name, Func<string> make) =>
            _made.TryGetValue(name, out var secret) ? secret : _made[name] = make();

        public void Replace(string name, Func<string, string> change) => _made[name] = change(_made[name]);
    }
}
