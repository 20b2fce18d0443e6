using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CryptoBeacon.Models.Domain.Engine;

/// <summary>What says later that the stored candles have changed since a run.</summary>
internal static class DataHash
{
    /// <summary>SHA-256, in lower-case hex, of all series, warm-up included, in the order of their coins.</summary>
    public static string Of(IEnumerable<CandleSeries> assets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var asset in assets.OrderBy(asset => asset.CoinId, StringComparer.Ordinal))
        {
            var name = Encoding.UTF8.GetBytes(asset.CoinId);
            BinaryPrimitives.WriteInt32LittleEndian(length, name.Length);
            hash.AppendData(length);
            hash.AppendData(name);
            BinaryPrimitives.WriteInt32LittleEndian(length, asset.Count);
            hash.AppendData(length);
            hash.AppendData(MemoryMarshal.AsBytes(asset.OpenTimes.AsSpan()));
            foreach (var column in new[] { asset.Open, asset.High, asset.Low, asset.Close, asset.Volume })
            {
                hash.AppendData(MemoryMarshal.AsBytes(column.AsSpan()));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
