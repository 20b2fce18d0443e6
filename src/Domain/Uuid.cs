using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CryptoBeacon.Domain;

/// <summary>
/// Ids: UUID version 7 (RFC 9562, section 5.7), ascending in the order in which this process makes them.
/// </summary>
/// <remarks>
/// <see cref="Guid.CreateVersion7()"/> is random within a millisecond; the ledger orders trades of one instant by id,
/// so here the twelve bits after the time count up (RFC 9562, section 6.2, method 1) and borrow from the next millisecond when they run out.
/// </remarks>
public static class Uuid
{
    private const int CounterBits = 12;
    private static long _lastTick;

    public static Guid New() => New(TimeProvider.System);

    public static Guid New(TimeProvider clock)
    {
        var tick = NextTick(clock.GetUtcNow().ToUnixTimeMilliseconds());

        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[8..]);
        BinaryPrimitives.WriteInt64BigEndian(bytes, tick >> CounterBits << 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(0x7000 | (tick & 0xFFF)));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true);
    }

    private static long NextTick(long unixMilliseconds)
    {
        while (true)
        {
            var last = Volatile.Read(ref _lastTick);
            var next = Math.Max(unixMilliseconds << CounterBits, last + 1);
            if (Interlocked.CompareExchange(ref _lastTick, next, last) == last)
            {
                return next;
            }
        }
    }
}
