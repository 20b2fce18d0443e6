using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Domain.Lots;
using FsCheck;
using FsCheck.Fluent;
using static CryptoBeacon.UnitTests.Trading.LotLedgers;

namespace CryptoBeacon.UnitTests.Trading;

internal sealed class LotStepsTests
{
    [FsCheck.NUnit.Property(MaxTest = 200)]
    public Property What_was_realised_and_earned_is_open_cost_less_what_was_invested() =>
        Prop.ForAll(
            Entries.ListOf().ToArbitrary(),
            ledger =>
                Methods.All(method =>
                {
                    var book = new LotBook(_ => method);
                    var steps = new List<LotStep>();
                    foreach (var entry in ledger.OrderBy(entry => entry.At).ThenBy(entry => !entry.Type.IsIncoming()))
                    {
                        steps.AddRange(LotSteps.Of(entry, book.Play(entry), Here));
                    }

                    steps.AddRange(LotSteps.Of(null, book.Close(), Here));
                    return steps.Sum(step => step.Realized + step.Income)
                        == steps.Sum(step => step.OpenCost - step.Invested);
                })
        );
}
