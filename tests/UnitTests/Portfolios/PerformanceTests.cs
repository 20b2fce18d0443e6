using CryptoBeacon.Application.Contracts.Trading;
using CryptoBeacon.Domain.Returns;
using CryptoBeacon.Portfolios.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace CryptoBeacon.UnitTests.Portfolios;

internal sealed class PerformanceTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_price_that_doubles_is_a_return_of_one() =>
        Assert.That(Walk([Buy(0, 2, 200)], (0, 100), (10, 200)).IndexAtEnd, Is.EqualTo(2).Within(1e-12));

    [Test]
    public void Money_that_comes_in_is_no_return() =>
        Assert.That(
            Walk([Buy(0, 1, 100), Buy(5, 10, 1500)], (0, 100), (5, 150), (10, 300)).IndexAtEnd,
            Is.EqualTo(3).Within(1e-12)
        );

    [Test]
    public void Money_that_goes_out_is_no_loss() =>
        Assert.That(
            Walk([Buy(0, 2, 200), Sell(5, 1, 150)], (0, 100), (5, 150), (10, 300)).IndexAtEnd,
            Is.EqualTo(3).Within(1e-12)
        );

    [Test]
    public void A_fee_lessens_the_return() =>
        Assert.That(Walk([Buy(0, 1, 125)], (0, 100), (10, 100)).IndexAtEnd, Is.EqualTo(0.8).Within(1e-12));

    [Test]
    public void What_was_earned_without_money_is_return() =>
        Assert.That(Walk([Buy(0, 1, 100), Earn(5, 1, 100)], (0, 100)).IndexAtEnd, Is.EqualTo(2).Within(1e-12));

    [Test]
    public void An_unlinked_deposit_flows_in_at_market_value() =>
        Assert.That(
            Walk([Buy(0, 1, 100), Deposit(5, 1, cost: 7)], (0, 100), (5, 200)).IndexAtEnd,
            Is.EqualTo(2).Within(1e-12)
        );

    [Test]
    public void A_sale_of_what_is_not_held_moves_no_index() =>
        Assert.That(
            Walk([Sell(0, 1, 100), Buy(5, 2, 300)], (0, 100), (5, 150), (10, 300)).IndexAtEnd,
            Is.EqualTo(2).Within(1e-12)
        );

    [Test]
    public void An_unknown_rate_at_a_flow_leaves_the_index_unknown_and_the_value_known()
    {
        var performance = Walk([Buy(0, 1, 100), Buy(5, 1, 100)], (0, 100), (1, null), (6, 100));

        Assert.That((performance.IndexAtEnd, performance.Value), Is.EqualTo(((double?)null, (decimal?)200m)));
    }

    [Test]
    public void Within_a_day_there_is_no_yearly_rate() =>
        Assert.That(
            new[] { Walk([Buy(0, 1, 100)], days: 0.5, prices: [(0, 100), (0.25, 110)]).MoneyWeighted().Reason },
            Is.All.EqualTo(Unsaid.WithinOneDay)
        );

    [Test]
    public void A_tenth_in_365_days_is_ten_per_cent_a_year() =>
        Assert.That(
            Walk([Buy(0, 1, 100)], days: 365, prices: [(0, 100), (1, 110)]).MoneyWeighted().Rate,
            Is.EqualTo(0.1).Within(1e-9)
        );

    /// <summary>Source: ClientIndexTest of portfolio-performance: deposits count at the start of a day, withdrawals at its end.</summary>
    [Test]
    public void The_index_is_that_of_a_published_case()
    {
        (double In, double Out, double Gain)[] days =
        [
            (0, 0, 230),
            (200, 0, 200),
            (0, 400, -234.41),
            (0, 0, 293.99),
            (0, 0, 293.99),
            (5400, 0, 195.99),
            (0, 3697.04, -882.52),
            (0, 0, -1003.85),
        ];
        double[] published =
        [
            0.023,
            0.042616491,
            0.019624983,
            0.049614163,
            0.079603343,
            0.092841403,
            0.03323197,
            -0.056182678,
        ];
        var index = new TimeWeighted(10_000);
        var value = 10_000.0;

        foreach (var (day, expected) in days.Zip(published))
        {
            if (day.In > 0)
            {
                index.FlowsIn(value, day.In);
                value += day.In;
            }

            value += day.Gain - day.Out;
            if (day.Out > 0)
            {
                index.FlowsOut(value, day.Out);
            }

            Assert.That(index.IndexAt(value) - 1, Is.EqualTo(expected).Within(1e-6));
        }
    }

    [Test]
    public void At_flat_prices_no_flow_makes_a_return()
    {
        var step =
            from day in Gen.Choose(0, 300)
            from quantity in Gen.Choose(1, 100)
            from isSale in Gen.Elements(true, false)
            select isSale ? Sell(day, quantity, quantity * 100) : Buy(day, quantity, quantity * 100);

        Prop.ForAll(
                Arb.From(Gen.ListOf(step)),
                steps => Math.Abs(Walk([.. steps.OrderBy(s => s.At)], (0, 100)).IndexAtEnd!.Value - 1) < 1e-9
            )
            .QuickCheckThrowOnFailure();
    }

    [Test]
    public void A_range_that_starts_late_counts_from_the_cost_of_what_is_open_then()
    {
        var performance = new Performance(Start.AddDays(2), Start.AddDays(10), new Prices([(0, 100), (5, 150)]));
        performance.Walk([Buy(0, 1, 90), Buy(5, 1, 150)], []);

        Assert.That(performance.NetInvested.Amount, Is.EqualTo(240));
        Assert.That(
            performance.Assets.Single().UnrealizedPnl,
            Is.EqualTo(performance.Value - performance.NetInvested.Amount)
        );
    }

    [Test]
    public void A_point_counts_what_came_before_it()
    {
        var performance = new Performance(Start, Start.AddDays(2), new Prices([(0, 100)]));
        performance.Walk([Buy(1, 1, 100)], [Start, Start.AddDays(1), Start.AddDays(2)]);

        Assert.That(performance.Points.Select(point => point.Value), Is.EqualTo(new decimal?[] { 0, 0, 100 }));
    }

    private static Performance Walk(LotStep[] steps, params (double Day, decimal? Price)[] prices) =>
        Walk(steps, days: 400, prices);

    private static Performance Walk(LotStep[] steps, double days, (double Day, decimal? Price)[] prices)
    {
        var performance = new Performance(Start, Start.AddDays(days), new Prices(prices));
        performance.Walk(steps, []);
        return performance;
    }

    private static LotStep Buy(double day, decimal quantity, decimal paid) =>
        Step(LotStepKind.Buy, day, quantity, paid);

    private static LotStep Sell(double day, decimal quantity, decimal got) =>
        Step(LotStepKind.Sell, day, -quantity, -got);

    private static LotStep Earn(double day, decimal quantity, decimal worth) =>
        Step(LotStepKind.Income, day, quantity, 0) with
        {
            OpenCost = worth,
            Income = worth,
        };

    private static LotStep Deposit(double day, decimal quantity, decimal cost) =>
        Step(LotStepKind.Deposit, day, quantity, cost) with
        {
            IsExternal = true,
        };

    private static LotStep Step(LotStepKind kind, double day, decimal quantity, decimal invested) =>
        new()
        {
            At = Start.AddDays(day),
            Kind = kind,
            CoinId = "bitcoin",
            Quantity = quantity,
            Invested = invested,
            OpenCost = invested,
            Realized = 0,
            Income = 0,
            Fees = 0,
        };

    /// <summary>The price from a day on.</summary>
    private sealed class Prices((double Day, decimal? Price)[] prices) : IRates
    {
        public decimal? At(string coinId, DateTimeOffset time) =>
            prices.LastOrDefault(price => Start.AddDays(price.Day) <= time).Price;
    }
}
