using CryptoBeacon.Domain.Returns;
using FsCheck;
using FsCheck.Fluent;

namespace CryptoBeacon.UnitTests.Domain;

internal sealed class XirrTests
{
    private static readonly DateOnly Start = new(2020, 1, 1);

    [Test]
    public void A_tenth_more_after_365_days_is_ten_per_cent() =>
        Assert.That(RateOf((0, -100), (365, 110)), Is.EqualTo(0.1).Within(1e-12));

    [Test]
    public void A_year_has_365_days_also_when_it_has_366() =>
        Assert.That(RateOf((0, -100), (366, 110)), Is.EqualTo(Math.Pow(1.1, 365 / 366.0) - 1).Within(1e-12));

    [Test]
    public void The_order_of_flows_does_not_matter() =>
        Assert.That(RateOf((365, 60), (0, -100), (730, 60)), Is.EqualTo(RateOf((0, -100), (365, 60), (730, 60))));

    [Test]
    public void What_came_and_went_without_gain_earned_nothing() => Assert.That(RateOf((0, -100), (9, 100)), Is.Zero);

    [Test]
    public void Of_two_roots_the_one_nearer_to_no_return_counts()
    {
        // (1.1 and 1.3 are the roots of 1 - 2.4/q + 1.43/q².)
        Assert.That(RateOf((0, -100), (365, 240), (730, -143)), Is.EqualTo(0.1).Within(1e-9));
    }

    [Test]
    public void Two_roots_that_lie_close_together_are_found() =>
        Assert.That(RateOf((0, -100), (365, 220.1), (730, -121.1100)), Is.EqualTo(0.1).Within(0.01));

    [Test]
    public void A_loss_of_nearly_all_has_a_rate() =>
        Assert.That(RateOf((0, -1_000_000), (365, 1)), Is.EqualTo(-0.999999).Within(1e-9));

    [TestCase(Unsaid.WithinOneDay, "0:-100;0:110")]
    [TestCase(Unsaid.OneSided, "0:-100;10:-110")]
    [TestCase(Unsaid.OneSided, "")]
    [TestCase(Unsaid.NoRoot, "0:-100;365:200;730:-150")]
    [TestCase(Unsaid.TooLarge, "0:-1;1:2")]
    [TestCase(Unsaid.TooLarge, "0:-1;1:1000")]
    [TestCase(Unsaid.TooLarge, "0:-1;1:1000000000")]
    [TestCase(Unsaid.OneSided, "0:-1000;19:0")]
    public void Where_there_is_no_rate_the_reason_is_said(Unsaid reason, string flows)
    {
        var parsed = flows
            .Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(flow => flow.Split(':'))
            .Select(flow => Flow(int.Parse(flow[0]), double.Parse(flow[1])));

        Assert.That(Xirr.Of(parsed), Is.EqualTo(((double?)null, (Unsaid?)reason)));
    }

    [Test]
    public void A_rate_makes_the_present_value_vanish()
    {
        var flow =
            from day in Gen.Choose(0, 3000)
            from amount in Gen.Choose(-100_000, 100_000)
            select Flow(day, amount / 100.0);

        Prop.ForAll(
                Arb.From(Gen.ListOf(flow)),
                flows =>
                {
                    var (rate, reason) = Xirr.Of(flows);
                    return (rate is null) == (reason is not null)
                        // Nearer to the loss of all, 1 + rate has too few digits left to try it with.
                        && (rate is null or < -0.999 || Math.Abs(RelativePresentValue(flows, rate.Value)) < 1e-9);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static double RelativePresentValue(IEnumerable<CashFlow> flows, double rate)
    {
        var first = flows.Min(flow => flow.Date.DayNumber);
        var values = flows
            .Select(flow => flow.Amount / Math.Pow(1 + rate, (flow.Date.DayNumber - first) / 365.0))
            .ToArray();
        return values.Sum() / values.Sum(Math.Abs);
    }

    private static double? RateOf(params (int Day, double Amount)[] flows) =>
        Xirr.Of(flows.Select(flow => Flow(flow.Day, flow.Amount))).Rate;

    private static CashFlow Flow(int day, double amount) => new(Start.AddDays(day), amount);
}
