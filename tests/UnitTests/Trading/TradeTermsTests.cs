using CryptoBeacon.Domain;
using CryptoBeacon.Trading.Domain;

namespace CryptoBeacon.UnitTests.Trading;

internal sealed class TradeTermsTests
{
    private static readonly TradeInput Buy = new()
    {
        PortfolioId = Uuid.New(),
        CoinId = "bitcoin",
        Type = TradeType.Buy,
        Quantity = 3,
        Price = 100,
    };

    private static Result<TradeTerms> Settle(TradeInput input) =>
        TradeTerms.Settle(
            input,
            "USD",
            new Dictionary<string, string> { ["BTC"] = "bitcoin", ["BNB"] = "binancecoin" },
            Ledgers.Start
        );

    [Test]
    public void The_total_follows_from_the_price() => Assert.That(Settle(Buy).Value.Worth.Total, Is.EqualTo(300m));

    [Test]
    public void The_price_is_the_rounded_quotient_of_a_given_total_which_stays_as_it_is()
    {
        var terms = Settle(Buy with { Price = null, TotalValue = 100 }).Value;

        Assert.That((terms.Worth.Price, terms.Worth.Total), Is.EqualTo((33.333333333333333333m, 100m)));
    }

    [Test]
    public void A_price_and_a_total_that_agree_are_both_kept() =>
        Assert.That(
            Settle(Buy with { Price = 33.333333333333333333m, TotalValue = 100 }).Value.Worth.Total,
            Is.EqualTo(100m)
        );

    [Test]
    public void A_price_and_a_total_that_disagree_are_refused() =>
        Assert.That(Settle(Buy with { TotalValue = 301 }).Error!.Fields, Contains.Key("totalValue"));

    [Test]
    public void A_total_that_does_not_fit_28_digits_is_refused() =>
        Assert.That(
            Settle(Buy with { Quantity = 99_999_999_999_999, Price = 999_999_999_999_999.5m }).Error!.Fields,
            Contains.Key("price")
        );

    [Test]
    public void A_fee_in_the_traded_coin_is_known_by_its_symbol_and_by_its_id() =>
        Assert.That(
            new[] { "BTC", "bitcoin", "BNB", "USD" }.Select(currency =>
                Settle(Buy with { Fee = 1, FeeCurrency = currency }).Value.FeeInCoin
            ),
            Is.EqualTo(new[] { true, true, false, false })
        );

    [Test]
    public void A_buy_can_not_cost_more_of_its_own_coin_than_it_brings() =>
        Assert.That(Settle(Buy with { Fee = 3.1m, FeeCurrency = "BTC" }).Error!.Fields, Contains.Key("fee"));

    [Test]
    public void A_fee_in_a_third_coin_is_a_disposal_of_it_only_where_it_is_deducted() =>
        Assert.That(
            new[] { true, false }.Select(deducted => FeeMovement("BNB", deducted)),
            Is.EqualTo(new[] { "binancecoin -1", null })
        );

    [Test]
    public void What_stands_for_no_coin_can_not_be_deducted() =>
        Assert.That(
            Settle(Buy with { Fee = 1, FeeCurrency = "XYZ", DeductFees = true }).Error!.Fields,
            Contains.Key("feeCurrency")
        );

    private static string? FeeMovement(string feeCurrency, bool deducted)
    {
        var terms = Settle(Buy with { Fee = 1, FeeCurrency = feeCurrency, DeductFees = deducted }).Value;
        return Trade.Record(Uuid.New(), terms).Movements is [_, var fee] ? $"{fee.CoinId} {fee.Change}" : null;
    }

    [TestCase("BTC", 2.5)]
    [TestCase("BNB", 3)]
    [TestCase(null, 3)]
    public void A_fee_in_the_coin_makes_a_buy_bring_less(string? feeCurrency, decimal moved) =>
        Assert.That(
            Trade
                .Record(Uuid.New(), Settle(Buy with { Fee = 0.5m, FeeCurrency = feeCurrency }).Value)
                .Movements[0]
                .Change,
            Is.EqualTo(moved)
        );

    [Test]
    public void A_fee_in_the_coin_makes_a_sell_take_more() =>
        Assert.That(
            Trade
                .Record(Uuid.New(), Settle(Buy with { Type = TradeType.Sell, Fee = 0.5m, FeeCurrency = "BTC" }).Value)
                .Movements[0]
                .Change,
            Is.EqualTo(-3.5m)
        );
}
