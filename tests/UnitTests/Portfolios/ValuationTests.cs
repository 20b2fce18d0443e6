using CryptoBeacon.Portfolios.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace CryptoBeacon.UnitTests.Portfolios;

internal sealed class ValuationTests
{
    [Test]
    public void Gain_is_value_less_cost()
    {
        var valuation = Valuation.Of([Held("bitcoin", quantity: 2, average: 100, price: 150)]);

        Assert.That(
            (valuation.TotalValue, valuation.TotalCost, valuation.UnrealizedPnl),
            Is.EqualTo((300m, 200m, 100m))
        );
        Assert.That(valuation.UnrealizedPnlPercent, Is.EqualTo(50m));
        Assert.That(valuation.IsComplete, Is.True);
    }

    [Test]
    public void What_cost_nothing_has_no_gain_in_per_cent() =>
        Assert.That(Valuation.Of([Held("airdrop", quantity: 2, average: 0, price: 150)]).UnrealizedPnlPercent, Is.Null);

    [Test]
    public void What_has_no_price_is_in_no_total()
    {
        var valuation = Valuation.Of([Held("a", 1, 100, price: 110), Held("b", 1, 1000, price: null)]);

        Assert.That(
            (valuation.TotalValue, valuation.TotalCost, valuation.UnrealizedPnl),
            Is.EqualTo((110m, 100m, 10m))
        );
        Assert.That(valuation.Missing, Is.EqualTo(new[] { new Missing("b", MissingInput.Price) }));
        Assert.That(valuation.Assets[1].Cost, Is.EqualTo(1000m));
        Assert.That(valuation.Assets[1].AllocationPercent, Is.Null);
    }

    [Test]
    public void What_has_no_known_cost_counts_as_value_alone()
    {
        var valuation = Valuation.Of([Held("a", 1, 100, price: 110), Held("b", 1, average: null, price: 5)]);

        Assert.That(
            (valuation.TotalValue, valuation.TotalCost, valuation.UnrealizedPnl),
            Is.EqualTo((115m, 100m, 10m))
        );
        Assert.That(valuation.Missing, Is.EqualTo(new[] { new Missing("b", MissingInput.Cost) }));
    }

    [Test]
    public void A_shortfall_is_a_missing_acquisition_and_no_asset()
    {
        var valuation = Valuation.Of([Held("a", 0, null, price: 110) with { Shortfall = 3 }]);

        Assert.That(valuation.Assets, Is.Empty);
        Assert.That(valuation.Missing, Is.EqualTo(new[] { new Missing("a", MissingInput.Acquisition, 3) }));
    }

    [Test]
    public void The_change_of_a_day_covers_what_has_both_prices()
    {
        var valuation = Valuation.Of([
            Held("a", 2, 1, price: 110) with
            {
                PriceDayBefore = 100,
            },
            Held("b", 1, 1, price: 500),
        ]);

        Assert.That((valuation.Change24h, valuation.Change24hPercent), Is.EqualTo((20m, 10m)));
        Assert.That(valuation.Assets[1].Change24hPercent, Is.Null);
    }

    [Test]
    public void Without_any_price_of_the_day_before_the_change_is_unknown() =>
        Assert.That(Valuation.Of([Held("a", 2, 1, price: 110)]).Change24h, Is.Null);

    [Test]
    public void What_fits_no_decimal_is_null_and_no_exception()
    {
        const decimal largest = 9999999999999999999999999999m;

        var valuation = Valuation.Of([
            Held("a", largest, largest, price: largest),
            Held("b", largest, 1, price: 1),
            Held("c", largest, 1, price: 1),
        ]);

        Assert.That(valuation.Assets[0].Value, Is.Null);
        Assert.That(valuation.TotalValue, Is.Null);
    }

    [FsCheck.NUnit.Property]
    public Property Allocations_add_up_to_exactly_100() =>
        Prop.ForAll(
            Gen.Choose(0, 1_000_000).ListOf().ToArbitrary(),
            prices =>
            {
                var valuation = Valuation.Of([
                    .. prices.Select((price, i) => Held($"c{i}", 0.37m, 1, decimal.Round(price / 7m, 18))),
                ]);
                var allocated = valuation.Assets.Sum(asset => asset.AllocationPercent);
                return valuation.TotalValue == 0
                    ? valuation.Assets.All(asset => asset.AllocationPercent is null)
                    : allocated == 100;
            }
        );

    private static Holding Held(string coinId, decimal quantity, decimal? average, decimal? price) =>
        new()
        {
            PortfolioId = Guid.Empty,
            CoinId = coinId,
            Quantity = quantity,
            Shortfall = 0,
            AvgBuyPrice = average,
            IsCostComplete = true,
            Price = price,
            PriceAsOf = price is null ? null : DateTimeOffset.UnixEpoch,
        };
}
