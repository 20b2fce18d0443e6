using System.Buffers.Text;
using System.Security.Cryptography;

namespace CryptoBeacon.Identity.Security;

/// <summary>
/// The tokens in mails: the mail's id and its HMAC under the server's key. Hence a mail that is sent again carries the same token although only its hash is
/// stored, and neither outbox nor job ever holds it.
/// </summary>
internal sealed class MailedTokens(IdentitySecret secret)
{
    private const int IdSize = 16;
    private const int Size = IdSize + HMACSHA256.HashSizeInBytes;
    private readonly byte[] _key = secret.KeyFor("mailed tokens");

    public MailedToken Of(Guid mailId)
    {
        var bytes = new byte[Size];
        mailId.TryWriteBytes(bytes, bigEndian: true, out _);
        HMACSHA256.HashData(_key, bytes.AsSpan(0, IdSize), bytes.AsSpan(IdSize));
        return new MailedToken(mailId, Base64Url.EncodeToString(bytes), SHA256.HashData(bytes));
    }

    /// <summary>The token that the text is; null when this server has not made it.</summary>
    public MailedToken? Read(string text)
    {
        if (!Base64Url.IsValid(text, out var size) || size != Size)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        var token = Of(new Guid(bytes.AsSpan(0, IdSize), bigEndian: true));
        return CryptographicOperations.FixedTimeEquals(token.Hash, SHA256.HashData(bytes)) ? token : null;
    }
}

/// <param name="Hash">What is stored.</param>
internal sealed record MailedToken(Guid MailId, string Text, byte[] Hash);
