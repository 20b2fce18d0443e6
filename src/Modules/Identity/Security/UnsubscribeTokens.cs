using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// What stops a user's alert mails without a sign-in: who, and an HMAC over that and the address the mails go to. Nothing is stored, it works as long as mails
/// go there, and it is good for nothing else.
/// </summary>
internal sealed class UnsubscribeTokens(IdentitySecret secret)
{
    private const int IdSize = 16;
    private const int Size = IdSize + HMACSHA256.HashSizeInBytes;
    private readonly byte[] _key = secret.KeyFor("unsubscribe tokens");

    public string Of(Guid userId, string address)
    {
        var bytes = new byte[Size];
        userId.TryWriteBytes(bytes, bigEndian: true, out _);
        HMACSHA256.HashData(
            _key,
            [.. bytes.AsSpan(0, IdSize), .. Encoding.UTF8.GetBytes(address.ToLowerInvariant())],
            bytes.AsSpan(IdSize)
        );
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whose it says it is, which is to be held against their address; null when it is no token.</summary>
    public static Guid? UserOf(string token) =>
        Base64Url.IsValid(token, out var size) && size == Size
            ? new Guid(Base64Url.DecodeFromChars(token).AsSpan(0, IdSize), bigEndian: true)
            : null;

    public bool IsFor(string token, Guid userId, string address) =>
        CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(token),
            Encoding.ASCII.GetBytes(Of(userId, address))
        );
}
