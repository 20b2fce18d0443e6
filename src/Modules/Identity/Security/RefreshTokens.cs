using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// Refresh tokens: session, generation, and their HMAC under the server's key. The successor of a token can be derived again, so that a retry
/// after a lost answer gets the same one although only hashes are stored; a forged one is refused before the database hears of it.
/// </summary>
internal sealed class RefreshTokens(IdentitySecret secret)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private const int ClaimsSize = 16 + sizeof(int);
    private const int Size = ClaimsSize + HMACSHA256.HashSizeInBytes;
    private readonly byte[] _key = secret.KeyFor("refresh tokens");

    public RefreshToken Make(Guid sessionId, int generation)
    {
        var bytes = new byte[Size];
        sessionId.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), generation);
        HMACSHA256.HashData(_key, bytes.AsSpan(0, ClaimsSize), bytes.AsSpan(ClaimsSize));
        return new RefreshToken(sessionId, generation, Base64Url.EncodeToString(bytes), SHA256.HashData(bytes));
    }

    /// <summary>The token that the text is; null when this server has not made it.</summary>
    public RefreshToken? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (!Base64Url.IsValid(text, out var size) || size != Size)
        {
            return null;
        }

        Base64Url.DecodeFromChars(text, bytes);
        var token = Make(new Guid(bytes[..16], bigEndian: true), BinaryPrimitives.ReadInt32BigEndian(bytes[16..]));
        return CryptographicOperations.FixedTimeEquals(token.Hash, SHA256.HashData(bytes)) ? token : null;
    }

    public RefreshToken Successor(RefreshToken token) => Make(token.SessionId, token.Generation + 1);
}

/// <param name="Hash">What is stored.</param>
internal sealed record RefreshToken(Guid SessionId, int Generation, string Text, byte[] Hash);
