using CryptoBeacon.Trading.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace CryptoBeacon.UnitTests.Trading;

/// <summary>The vocabulary of tests about positions, and ledgers as FsCheck makes them up.</summary>
internal static class Ledgers
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Movement In(decimal quantity, decimal? price = null, int minute = 0, bool imported = false) =>
        new(CryptoBeacon.Domain.Uuid.New(), "bitcoin", Start.AddMinutes(minute), true, quantity, price, imported);

    public static Movement Out(decimal quantity, int minute = 0, bool imported = false) =>
        new(CryptoBeacon.Domain.Uuid.New(), "bitcoin", Start.AddMinutes(minute), false, quantity, null, imported);

    public static Holding Play(params Movement[] movements) => PositionReplay.Run(movements.Order())!;

    /// <summary>Few minutes, so that many trades share one; prices that leave remainders; some of them unknown.</summary>
    public static Gen<Movement> Movements =>
        from minute in Gen.Choose(0, 20)
        from incoming in Gen.Elements(true, true, false)
        from units in Gen.Choose(1, 1_000_000)
        from scale in Gen.Elements(1m, 1_000m, 1_000_000_000_000_000_000m)
        from cents in Gen.Choose(0, 9_999_999)
        from known in Gen.Elements(true, true, true, false)
        select incoming ? In(units / scale, known ? cents / 100m : null, minute) : Out(units / scale, minute);
}
