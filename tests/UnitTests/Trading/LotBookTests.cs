using CryptoBeacon.Trading.Domain;
using CryptoBeacon.Trading.Domain.Lots;
using FsCheck;
using FsCheck.Fluent;
using static CryptoBeacon.Trading.Domain.Lots.CostBasisMethod;
using static CryptoBeacon.UnitTests.Trading.LotLedgers;

namespace CryptoBeacon.UnitTests.Trading;

internal sealed class LotBookTests
{
    [Test]
    public void A_lots_cost_includes_its_share_of_the_buy_fee_and_proceeds_are_net_of_the_sell_fee()
    {
        var played = Play(Fifo, Buy(4, 400, 0, fee: 8), Sell(1, 150, 1, fee: 3));

        Assert.That(played.Gains, Is.EqualTo(new[] { (1m, (decimal?)102m, (decimal?)45m) }));
        Assert.That(played.Open.Single().Lot, Has.Property("Quantity").EqualTo(3m).And.Property("Cost").EqualTo(306m));
    }

    [TestCase(Fifo, 100)]
    [TestCase(Lifo, 200)]
    [TestCase(Hifo, 300)]
    [TestCase(Average, 200)]
    public void A_method_says_which_lot_is_taken(CostBasisMethod method, decimal cost) =>
        Assert.That(
            Play(method, Buy(1, 100, 0), Buy(1, 300, 1), Buy(1, 200, 2), Sell(1, 500, 3)).Gains.Single(),
            Is.EqualTo((1m, (decimal?)cost, (decimal?)(500 - cost)))
        );

    [Test]
    public void Lifo_takes_the_newest_id_of_lots_of_one_instant()
    {
        LotEntry[] bought = [Buy(1, 100, 0), Buy(1, 200, 0), Buy(1, 300, 0)];

        var taken = Play(Lifo, [.. bought, Sell(1, 500, 0)]).Disposals.Single();

        Assert.That(taken.Part.TradeId, Is.EqualTo(bought.Max(buy => buy.TradeId)));
    }

    [Test]
    public void Hifo_takes_the_highest_unit_cost_with_fee_and_the_oldest_among_equals()
    {
        LotEntry[] bought = [Buy(1, 100, 0), Buy(2, 195, 1, fee: 5), Buy(1, 99, 2, fee: 2)];

        var played = Play(Hifo, [.. bought, Sell(1, 500, 3), Sell(1, 500, 4)]);

        Assert.That(
            played.Disposals.Select(disposal => disposal.Part.TradeId),
            Is.EqualTo(new[] { bought[2].TradeId, bought[0].TradeId })
        );
    }

    [Test]
    public void Disposals_of_a_pool_have_neither_date_nor_term()
    {
        var disposal = Play(Average, Buy(1, 100, 0), Buy(1, 200, 1), Sell(1, 500, 800)).Disposals.Single();

        Assert.That(
            (disposal.Part.AcquiredAt, disposal.Part.TradeId, disposal.Term),
            Is.EqualTo(((DateTimeOffset?)null, (Guid?)null, (Term?)null))
        );
    }

    [Test]
    public void The_pool_moves_with_what_comes_and_stays_with_what_goes()
    {
        var played = Play(Average, Buy(1, 100, 0), Buy(3, 500, 1), Sell(2, 700, 2), Buy(2, 900, 3), Sell(1, 700, 4));

        Assert.That(played.Disposals.Select(disposal => disposal.Part.Cost), Is.EqualTo(new[] { 300m, 300m }));
    }

    [TestCase("2024-03-01T12:00:00Z", "2025-03-01T12:00:00Z", ExpectedResult = nameof(Term.Short))]
    [TestCase("2024-03-01T12:00:00Z", "2025-03-01T12:00:00.000001Z", ExpectedResult = nameof(Term.Long))]
    [TestCase("2024-02-29T12:00:00Z", "2025-02-28T12:00:00Z", ExpectedResult = nameof(Term.Short))]
    [TestCase("2024-02-29T12:00:00Z", "2025-02-28T12:00:01Z", ExpectedResult = nameof(Term.Long))]
    [TestCase("2023-02-28T12:00:00Z", "2024-02-28T12:00:01Z", ExpectedResult = nameof(Term.Long))]
    [TestCase("2024-03-01T00:30:00+01:00", "2025-02-28T23:30:00Z", ExpectedResult = nameof(Term.Short))]
    public string Long_term_is_what_is_sold_after_the_same_utc_instant_one_calendar_year_after_acquisition(
        string acquired,
        string sold
    ) => new LotPart(null, Time(acquired), 1, 1).TermAt(Time(sold)).ToString()!;

    [Test]
    public void Parts_of_a_cost_add_up_the_last_takes_the_remainder()
    {
        var played = Play(Fifo, Buy(3, 100, 0), Sell(1, 1, 1), Sell(1, 1, 2), Sell(1, 1, 3));

        Assert.That(
            played.Disposals.Select(disposal => disposal.Part.Cost),
            Is.EqualTo(new[] { 33.333333333333333333m, 33.333333333333333333m, 33.333333333333333334m })
        );
    }

    [Test]
    public void Parts_of_proceeds_add_up_the_last_takes_the_remainder()
    {
        var played = Play(Fifo, Buy(1, 1, 0), Buy(1, 1, 1), Buy(1, 1, 2), Sell(3, 100, 3));

        Assert.That(
            played.Disposals.Select(disposal => disposal.Proceeds),
            Is.EqualTo(new[] { 33.333333333333333333m, 33.333333333333333333m, 33.333333333333333334m })
        );
    }

    [Test]
    public void A_recorded_shortfall_takes_cost_and_date_of_the_next_acquisitions_in_time_order()
    {
        var played = Play(Fifo, Buy(1, 100, 0), Sell(3, 600, 1), Buy(1, 150, 2), Buy(4, 1000, 3));

        Assert.That(
            played.Disposals.Select(disposal => (disposal.Part.AcquiredAt, disposal.Proceeds, disposal.Part.Cost)),
            Is.EqualTo(
                new[] { (Start, 200m, 100m), (Start.AddDays(2), 200m, 150m), (Start.AddDays(3), 200m, 250m) }.Select(
                    taken => ((DateTimeOffset?)taken.Item1, (decimal?)taken.Item2, (decimal?)taken.Item3)
                )
            )
        );
        Assert.That(played.OpenQuantity, Is.EqualTo(3));
    }

    [Test]
    public void What_stays_unfilled_has_no_date_and_cost_0()
    {
        var disposal = Play(Hifo, Sell(2, 600, 1)).Disposals.Single();

        Assert.That(
            (disposal.Part.AcquiredAt, disposal.Part.Cost, disposal.Gain, disposal.Part.IsMissing),
            Is.EqualTo(((DateTimeOffset?)null, (decimal?)0m, (decimal?)600m, true))
        );
    }

    [Test]
    public void A_withdrawal_takes_lots_without_gain()
    {
        var played = Play(Fifo, Buy(1, 100, 0), Buy(1, 200, 1), Withdraw(1, 2), Sell(1, 500, 3));

        Assert.That(played.Gains, Is.EqualTo(new[] { (1m, (decimal?)200m, (decimal?)300m) }));
    }

    [Test]
    public void A_deposit_of_unknown_cost_stays_out_of_the_average()
    {
        var played = Play(Average, Buy(1, 100, 0), Deposit(1, 1), Sell(1, 500, 2));

        Assert.That(
            played.Gains,
            Is.EqualTo(new[] { (0.5m, (decimal?)50m, (decimal?)200m), (0.5m, (decimal?)null, (decimal?)null) })
        );
    }

    [Test]
    public void Fifo_takes_a_dated_deposit_by_its_date()
    {
        var old = Deposit(1, 5, value: 10) with { AcquiredAt = Start.AddYears(-3) };

        var disposal = Play(Fifo, Buy(1, 100, 0), old, Sell(1, 500, 6)).Disposals.Single();

        Assert.That((disposal.Part.TradeId, disposal.Term), Is.EqualTo((old.TradeId, (Term?)Term.Long)));
    }

    [Test]
    public void A_transfer_keeps_cost_and_date_and_only_the_network_fee_is_disposed_of()
    {
        var bought = Buy(2, 200, 0);

        var played = Play(Fifo, [bought, .. Send(1, 0.9m, 1, 1, value: 300)]);

        Assert.That(played.Gains, Is.EqualTo(new[] { (0.1m, (decimal?)10m, (decimal?)20m) }));
        Assert.That(
            played.Open.Select(open => (open.PortfolioId, open.Lot)),
            Is.EqualTo(
                new[]
                {
                    (Here, new LotPart(bought.TradeId, Start, 1, 100)),
                    (There, new LotPart(bought.TradeId, Start, 0.9m, 90)),
                }
            )
        );
    }

    [Test]
    public void A_transfer_within_a_portfolio_leaves_its_lots_where_they_are()
    {
        var moved = Send(1, 0.9m, 1, 2, value: 300)
            .Select(half => half with { PortfolioId = Here, Transfer = half.Transfer! with { IsWithin = true } });

        var played = Play(Fifo, [Buy(1, 100, 0), .. moved, Sell(0.9m, 300, 3)]);

        Assert.That(played.Gains, Is.EqualTo(new[] { (0.1m, (decimal?)10m, (decimal?)20m), (0.9m, 90m, 210m) }));
    }

    [TestCase(1, 3)]
    [TestCase(3, 1)]
    public void A_transfers_halves_may_come_in_either_order(int sentOn, int arrivesOn)
    {
        var soldThere = Sell(1, 300, 4) with { PortfolioId = There };

        var played = Play(Fifo, [Buy(2, 200, 0), .. Send(1, 1, sentOn, arrivesOn), soldThere]);

        Assert.That(played.Gains, Is.EqualTo(new[] { (1m, (decimal?)100m, (decimal?)200m) }));
    }

    [Test]
    public void What_is_sent_without_having_been_acquired_is_found_where_it_was_sold()
    {
        var soldThere = Sell(1, 300, 2) with { PortfolioId = There };

        var played = Play(Fifo, [.. Send(1, 1, 0, 1), soldThere, Buy(1, 100, 3)]);

        Assert.That(played.Gains, Is.EqualTo(new[] { (1m, (decimal?)100m, (decimal?)200m) }));
        Assert.That(played.Open, Is.Empty);
    }

    [Test]
    public void What_is_sent_and_never_acquired_arrives_with_nothing()
    {
        var soldThere = Sell(1, 300, 2) with { PortfolioId = There };

        var played = Play(Fifo, [.. Send(2, 2, 0, 1), soldThere]);

        Assert.That(played.Disposals.Single().Part, Is.EqualTo(LotPart.Missing(1)));
        Assert.That(played.Open.Single(), Is.EqualTo((There, "bitcoin", LotPart.Missing(1))));
    }

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property What_is_taken_and_what_is_left_is_what_was_acquired() =>
        ForAllLedgers(played =>
            played.Sum(LotMoveKind.Acquired, move => move.Part.Quantity)
            == played.OpenQuantity
                + played
                    .Moves.Where(move => move.Kind != LotMoveKind.Acquired && !move.Part.IsMissing)
                    .Sum(move => move.Part.Quantity)
        );

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property Cost_is_conserved_to_the_last_digit() =>
        ForAllLedgers(played =>
            played.Sum(LotMoveKind.Acquired, move => move.Part.Cost)
            == played.OpenCost
                + played.Sum(LotMoveKind.Disposed, move => move.Part.Cost)
                + played.Sum(LotMoveKind.Withdrawn, move => move.Part.Cost)
        );

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property What_is_left_of_lots_equals_the_position() =>
        Prop.ForAll(
            Entries.ListOf().ToArbitrary(),
            ledger =>
            {
                var position = ledger.Sum(entry => entry.Type.IsIncoming() ? entry.Quantity : -entry.Quantity);
                return Methods.All(method => Play(method, ledger).OpenQuantity == Math.Max(position, 0));
            }
        );

    [FsCheck.NUnit.Property(MaxTest = 300)]
    public Property Once_everything_is_sold_the_gain_is_the_same_for_every_method() =>
        Prop.ForAll(
            Entries.ListOf().ToArbitrary(),
            made =>
            {
                var ledger = made.Where(entry => entry.Type != TradeType.Withdrawal).ToArray();
                var left = ledger.Sum(entry => entry.Type.IsIncoming() ? entry.Quantity : -entry.Quantity);
                LotEntry[] closed =
                    left > 0 ? [.. ledger, Sell(left, 1_000_000, 900)]
                    : left < 0 ? [.. ledger, Buy(-left, 1_000_000, 900)]
                    : ledger;
                return Methods
                        .Select(method => Play(method, closed).Sum(LotMoveKind.Disposed, move => move.Gain))
                        .Distinct()
                        .Count() == 1;
            }
        );

    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property Another_order_of_the_same_entries_gives_the_same() =>
        Prop.ForAll(
            Entries.ListOf().ToArbitrary(),
            ledger =>
                Methods.All(method =>
                    Play(method, ledger).Moves.SequenceEqual(Play(method, Enumerable.Reverse(ledger)).Moves)
                )
        );

    private static Property ForAllLedgers(Func<Played, bool> holds) =>
        Prop.ForAll(Entries.ListOf().ToArbitrary(), ledger => Methods.All(method => holds(Play(method, ledger))));

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
