using CryptoBeacon.Trading.Domain;
using FsCheck;
using FsCheck.Fluent;
using static CryptoBeacon.UnitTests.Trading.Ledgers;

namespace CryptoBeacon.UnitTests.Trading;

internal sealed class PositionReplayTests
{
    [Test]
    public void The_average_moves_with_what_comes_in_and_stays_with_what_goes()
    {
        var position = Play(In(1, 100, 1), In(3, 200, 2), Out(2, 3));

        Assert.That((position.Quantity, position.Average), Is.EqualTo((2m, 175m)));
    }

    [Test]
    public void An_average_is_rounded_half_even_at_the_18th_decimal() =>
        Assert.That(Play(In(1, 1, 1), In(2, 2, 2)).Average, Is.EqualTo(1.666666666666666667m));

    [Test]
    public void The_average_is_gone_when_nothing_is_held() =>
        Assert.That(Play(In(1, 100, 1), Out(1, 2)), Is.EqualTo(Holding.Nothing));

    [Test]
    public void An_acquisition_without_a_rate_counts_but_is_left_out_of_the_average()
    {
        var position = Play(In(1, 100, 1), In(1, null, 2), In(1, 200, 3));

        Assert.That((position.Quantity, position.Average, position.IsCostComplete), Is.EqualTo((3m, 150m, false)));
    }

    [Test]
    public void A_shortfall_is_filled_by_the_next_acquisitions_before_anything_is_held()
    {
        var short_ = Play(In(1, 100, 1), Out(3, 2, imported: true));
        var filled = Play(In(1, 100, 1), Out(3, 2, imported: true), In(1, 50, 3), In(4, 10, 4));

        Assert.That((short_.Quantity, short_.Shortfall, short_.Average), Is.EqualTo((0m, 2m, (decimal?)null)));
        Assert.That((filled.Quantity, filled.Shortfall, filled.Average), Is.EqualTo((3m, 0m, 10m)));
    }

    [Test]
    public void At_one_instant_what_comes_in_is_there_before_what_goes()
    {
        Movement[] ledger = [Out(1, 5), In(1, 100, 5)];

        Assert.That(PositionReplay.FirstShortage([], [.. ledger.Order()]), Is.Null);
    }

    [Test]
    public void An_undated_opening_balance_comes_before_every_trade()
    {
        var opening = Movement.Opening("bitcoin", 2, 10, acquiredAt: null);

        Assert.That(PositionReplay.FirstShortage([], [.. new[] { Out(2, 0), opening }.Order()]), Is.Null);
    }

    [Test]
    public void A_back_dated_sale_is_short_where_a_later_one_then_lacks_coins()
    {
        Movement[] before = [In(2, 100, 1), Out(2, 9)];
        var late = Out(1, 5);

        Assert.That(PositionReplay.FirstShortage(before, [.. before.Append(late).Order()]), Is.EqualTo(before[1]));
    }

    [Test]
    public void A_recorded_shortfall_does_not_stand_in_the_way_of_what_does_not_deepen_it()
    {
        Movement[] before = [Out(3, 1, imported: true), In(2, 100, 2)];

        Assert.That(PositionReplay.FirstShortage(before, [.. before, In(5, 1, 3), Out(4, 4)]), Is.Null);
        Assert.That(PositionReplay.FirstShortage(before, [.. before, Out(1, 3)]), Is.Not.Null);
    }

    [Test]
    public void Of_new_sales_those_are_refused_that_would_leave_too_little_for_what_is_there()
    {
        Movement[] existing = [In(3, 100, 1), Out(2, 9)];
        Movement[] added = [Out(1, 2), Out(1, 3), In(1, 100, 5), Out(1, 6)];

        Assert.That(PositionReplay.Unaffordable(existing, added), Is.EquivalentTo(new[] { added[3].TradeId }));
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property What_is_not_refused_can_be_added_without_a_shortage() =>
        Prop.ForAll(
            (
                from existing in Movements.ListOf()
                from added in Movements.ListOf()
                select (existing, added)
            ).ToArbitrary(),
            ledgers =>
            {
                var before = ledgers.existing.Order().ToArray();
                var refused = PositionReplay.Unaffordable(before, ledgers.added.ToArray());
                var after = before
                    .Concat(ledgers.added.Where(movement => !refused.Contains(movement.TradeId)))
                    .Order()
                    .ToArray();
                return PositionReplay.FirstShortage(before, after) is null;
            }
        );

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property A_stored_position_goes_on_as_a_replay_from_the_first_trade_does() =>
        Prop.ForAll(
            Movements.NonEmptyListOf().ToArbitrary(),
            made =>
            {
                var ledger = made.Order().ToArray();
                var stored = PositionReplay.Run(ledger[..^1])!;
                // What the fast path has: what a position's row keeps.
                var read = Holding.OfKnownCost(stored.Quantity - stored.Shortfall, stored.Average ?? 0);
                return !stored.IsCostComplete || read.After(ledger[^1]) == PositionReplay.Run(ledger);
            }
        );

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property Quantity_less_shortfall_is_what_came_in_less_what_went() =>
        Prop.ForAll(
            Movements.ListOf().ToArbitrary(),
            made =>
            {
                var position = Play([.. made]);
                return position.Quantity - position.Shortfall == made.Sum(movement => movement.Change)
                    && (position.Quantity == 0 || position.Shortfall == 0);
            }
        );
}
