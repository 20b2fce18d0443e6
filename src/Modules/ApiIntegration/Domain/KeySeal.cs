using System.Text;

namespace CryptoBeacon.ApiIntegration.Domain;

/// <summary>Seals keys and secrets for their row and column. The specification's columns are texts, so that they hold the sealed bytes in base64.</summary>
internal sealed class KeySeal(IFieldCipher cipher)
{
    public static readonly SealedColumn Key = Column("api_key");
    public static readonly SealedColumn Secret = Column("api_secret");

    public string Seal(string plaintext, SealedColumn column, Guid keyId) =>
        Convert.ToBase64String(cipher.Seal(Encoding.UTF8.GetBytes(plaintext), column.Of(keyId)));

    public string Open(string stored, SealedColumn column, Guid keyId) =>
        Encoding.UTF8.GetString(cipher.Open(Convert.FromBase64String(stored), column.Of(keyId)));

    private static SealedColumn Column(string name) => new("api_integration.api_keys", "id", name, IsText: true);
}
