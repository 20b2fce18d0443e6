using System.Security.Cryptography;
using System.Text;
using CryptoBeacon.Application.Security;

namespace CryptoBeacon.Infrastructure.Security;

/// <summary>
/// AES-256-GCM envelopes. The layout: version, length of the key's id, the id, the wrapped data key, the value; each of the last two is
/// nonce, ciphertext and tag. The wrapping is bound to what stands before it, the value to its field.
/// </summary>
internal sealed class FieldCipher(EncryptionKeys keys) : IFieldCipher
{
    private const byte Version = 1;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = NonceSize + TagSize;
    private const int WrappedSize = EncryptionKeys.Size + Overhead;

    public byte[] Seal(ReadOnlySpan<byte> plaintext, FieldAddress field)
    {
        var dataKey = RandomNumberGenerator.GetBytes(EncryptionKeys.Size);
        try
        {
            return [.. Wrap(dataKey), .. Encrypt(dataKey, plaintext, AddressOf(field))];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    public byte[] Open(ReadOnlySpan<byte> sealedValue, FieldAddress field)
    {
        var envelope = Envelope.Read(sealedValue);
        var dataKey = Unwrap(envelope);
        try
        {
            return Decrypt(dataKey, envelope.Value, AddressOf(field));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SealedFieldException($"A stored secret is not what was sealed for {field.Column}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    public byte[]? Rewrap(ReadOnlySpan<byte> sealedValue)
    {
        var envelope = Envelope.Read(sealedValue);
        if (envelope.KeyId == keys.Current.Id)
        {
            return null;
        }

        var dataKey = Unwrap(envelope);
        try
        {
            return [.. Wrap(dataKey), .. envelope.Value];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private byte[] Wrap(byte[] dataKey)
    {
        var (currentId, key) = keys.Current;
        var id = Encoding.ASCII.GetBytes(currentId);
        byte[] header = [Version, (byte)id.Length, .. id];
        return [.. header, .. Encrypt(key, dataKey, header)];
    }

    private byte[] Unwrap(Envelope envelope)
    {
        var key = keys[envelope.KeyId];
        try
        {
            return Decrypt(key, envelope.WrappedKey, envelope.Header);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SealedFieldException(
                $"The key {envelope.KeyId} is another than the one that a stored secret was sealed with."
            );
        }
    }

    private static byte[] AddressOf(FieldAddress field) =>
        [.. Encoding.UTF8.GetBytes(field.Column), 0, .. field.RowId.ToByteArray(bigEndian: true)];

    private static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> plaintext, byte[] boundTo)
    {
        var sealedBytes = new byte[plaintext.Length + Overhead];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(
            nonce,
            plaintext,
            sealedBytes.AsSpan(NonceSize, plaintext.Length),
            sealedBytes.AsSpan(^TagSize..),
            boundTo
        );
        return sealedBytes;
    }

    private static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> boundTo)
    {
        var plaintext = new byte[sealedBytes.Length - Overhead];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(
            sealedBytes[..NonceSize],
            sealedBytes[NonceSize..^TagSize],
            sealedBytes[^TagSize..],
            plaintext,
            boundTo
        );
        return plaintext;
    }

    private readonly ref struct Envelope
    {
        public required ReadOnlySpan<byte> Header { get; init; }

        public required ReadOnlySpan<byte> WrappedKey { get; init; }

        public required ReadOnlySpan<byte> Value { get; init; }

        public string KeyId => Encoding.ASCII.GetString(Header[2..]);

        public static Envelope Read(ReadOnlySpan<byte> bytes)
        {
            var headerSize = bytes.Length < 2 ? 2 : 2 + bytes[1];
            if (bytes.Length < headerSize + WrappedSize + Overhead || bytes[0] != Version)
            {
                throw new SealedFieldException("A stored secret is no sealed value of this version.");
            }

            return new Envelope
            {
                Header = bytes[..headerSize],
                WrappedKey = bytes.Slice(headerSize, WrappedSize),
                Value = bytes[(headerSize + WrappedSize)..],
            };
        }
    }
}
