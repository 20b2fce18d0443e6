using CryptoBeacon.Trading.Domain;
using FsCheck;
using FsCheck.Fluent;
using static CryptoBeacon.UnitTests.Trading.Ledgers;

namespace CryptoBeacon.UnitTests.Trading;

internal sealed class PositionStreamTests
{
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property Ledgers_that_are_played_as_they_are_read_end_as_those_that_are_played_as_a_whole() =>
        Prop.ForAll(
            (
                from bitcoin in Movements.ListOf()
                from monero in Movements.ListOf()
                from opened in Gen.Elements<int?>(null, 0, 7, 30)
                select (
                    Bitcoin: bitcoin.ToArray(),
                    Monero: monero.Select(movement => movement with { CoinId = "monero" }).ToArray(),
                    Opening: Movement.Opening("monero", 2.5m, 7, opened is { } minute ? Start.AddMinutes(minute) : null)
                )
            ).ToArbitrary(),
            made =>
            {
                var stream = new PositionStream([made.Opening]);
                foreach (var movement in made.Bitcoin.Order().Concat(made.Monero.Order()))
                {
                    stream.Play(movement);
                }

                foreach (var late in stream.Waiting)
                {
                    stream.Play(late);
                }

                return stream.Holdings.GetValueOrDefault("bitcoin", Holding.Nothing) == Play(made.Bitcoin)
                    && stream.Holdings["monero"] == Play([.. made.Monero, made.Opening]);
            }
        );
}
