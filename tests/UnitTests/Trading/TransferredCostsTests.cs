using CryptoBeacon.Domain;
using CryptoBeacon.Trading.Domain;
using static CryptoBeacon.UnitTests.Trading.Ledgers;

namespace CryptoBeacon.UnitTests.Trading;

internal sealed class TransferredCostsTests
{
    private static readonly Guid Here = Uuid.New();
    private static readonly Guid There = Uuid.New();

    private static Movement Sent(decimal quantity, int minute, string link = "one") =>
        Out(quantity, minute) with
        {
            Link = link,
        };

    private static Movement Arrived(decimal quantity, int minute, string link = "one") =>
        In(quantity, null, minute) with
        {
            Link = link,
        };

    [Test]
    public void What_arrives_costs_the_average_that_it_left_with()
    {
        var arrived = Arrived(1, 4);

        var costs = TransferredCosts.Of([
            (There, arrived),
            (Here, In(1, 100, 1)),
            (Here, In(1, 200, 2)),
            (Here, Sent(1, 3)),
            (Here, In(5, 900, 4)),
        ]);

        Assert.That(costs, Is.EqualTo(new Dictionary<Guid, decimal> { [arrived.TradeId] = 150 }));
    }

    [Test]
    public void At_the_same_instant_it_leaves_before_it_arrives()
    {
        var arrived = Arrived(1, 3);

        Assert.That(
            TransferredCosts.Of([(There, arrived), (Here, In(1, 100, 1)), (Here, Sent(1, 3))])[arrived.TradeId],
            Is.EqualTo(100m)
        );
    }

    [Test]
    public void It_goes_on_with_its_cost_from_there()
    {
        var (first, second) = (Arrived(2, 3), Arrived(1, 6, "two"));

        var costs = TransferredCosts.Of([
            (Here, In(2, 100, 1)),
            (Here, Sent(2, 2)),
            (There, first),
            (There, In(2, 200, 4)),
            (There, Sent(1, 5, "two")),
            (Here, second),
        ]);

        Assert.That((costs[first.TradeId], costs[second.TradeId]), Is.EqualTo((100m, 150m)));
    }

    [Test]
    public void Of_a_copied_portfolio_the_own_withdrawal_counts()
    {
        var arrived = Arrived(1, 3);

        var costs = TransferredCosts.Of([
            (Here, In(1, 100, 1)),
            (Here, Sent(1, 2)),
            (There, In(1, 300, 1)),
            (There, Sent(1, 2)),
            (There, arrived),
        ]);

        Assert.That(costs[arrived.TradeId], Is.EqualTo(300m));
    }

    [Test]
    public void Where_the_source_does_not_know_what_all_of_it_cost_the_target_does_not_either() =>
        Assert.That(
            TransferredCosts.Of([
                (Here, In(1, 100, 1)),
                (Here, In(1, null, 1)),
                (Here, Sent(1, 2)),
                (There, Arrived(1, 3)),
            ]),
            Is.Empty
        );
}
