using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

internal sealed class RealizedGainsTests : LotTest
{
    [Test]
    public async Task Gains_are_told_disposal_by_disposal_with_totals()
    {
        var bought = await RecordedAsync(Trade("buy", "2", 0, ("price", "100"), ("fee", "4")));
        var sold = await RecordedAsync(Trade("sell", "1", 5, ("price", "150"), ("fee", "1")));

        var gains = await GainsAsync($"portfolioId={Portfolio}");

        Assert.That(
            Each(
                gains,
                "disposals",
                "tradeId",
                "lotTradeId",
                "coinId",
                "acquiredAt",
                "disposedAt",
                "quantity",
                "proceeds",
                "cost",
                "gain",
                "term"
            ),
            Is.EqualTo(new[] { $"{sold}/{bought}/bitcoin/{At(0)}/{At(5)}/1/149/102/47/short" })
        );
        Assert.That(
            (
                gains["totalProceeds"],
                gains["totalCost"],
                gains["totalGain"],
                gains["shortTermGain"],
                gains["longTermGain"]
            ),
            Is.EqualTo(("149", "102", "47", "47", "0"))
        );
        Assert.That((gains["method"], gains["currency"], gains["isComplete"]), Is.EqualTo(("fifo", "USD", "true")));
    }

    [TestCase("fifo", "100")]
    [TestCase("lifo", "200")]
    [TestCase("hifo", "300")]
    [TestCase("average", "200")]
    public async Task The_method_asked_for_overrides_the_portfolios(string method, string cost)
    {
        await RecordAllAsync(
            Trade("buy", "1", 0, ("price", "100")),
            Trade("buy", "1", 1, ("price", "300")),
            Trade("buy", "1", 2, ("price", "200")),
            Trade("sell", "1", 3, ("price", "500"))
        );

        var asked = await GainsAsync($"method={method}");
        (await User.PatchAsync($"/portfolios/{Portfolio}", new { costBasisMethod = method })).ShouldBe(200);
        var own = await GainsAsync();

        Assert.That((asked["totalCost"], asked["method"]), Is.EqualTo((cost, method)));
        Assert.That((own["totalCost"], own["method"]), Is.EqualTo((cost, method)));
    }

    [Test]
    public async Task From_is_inclusive_and_to_exclusive()
    {
        await RecordAllAsync(Trade("buy", "3"), Trade("sell", "1", 1), Trade("sell", "1", 2), Trade("sell", "1", 3));

        var gains = await GainsAsync($"from={At(1)}&to={At(3)}");

        Assert.That(Each(gains, "disposals", "disposedAt"), Is.EqualTo(new[] { At(1), At(2) }));
        Assert.That(gains["totalProceeds"], Is.EqualTo("200"));
    }

    [Test]
    public async Task Disposals_come_in_pages_and_totals_over_all_of_them()
    {
        await RecordAllAsync([
            Trade("buy", "5"),
            .. Enumerable.Range(1, 5).Select(minute => Trade("sell", "1", minute)),
        ]);

        var first = await GainsAsync("limit=3");
        var second = await GainsAsync($"limit=3&cursor={first["nextCursor"]}");

        Assert.That(
            Each(first, "disposals", "disposedAt").Concat(Each(second, "disposals", "disposedAt")),
            Is.EqualTo(Enumerable.Range(1, 5).Select(At))
        );
        Assert.That(
            (first["totalProceeds"], second["totalProceeds"], second["nextCursor"]),
            Is.EqualTo(("500", "500", (string?)null))
        );
    }

    [Test]
    public async Task A_fee_in_the_coin_makes_a_buy_bring_less_and_a_sell_take_more_and_is_no_money_as_well()
    {
        await RecordAllAsync(
            Trade("buy", "1", 0, ("price", "99"), ("fee", "0.01"), ("feeCurrency", "bitcoin")),
            Trade("sell", "0.98", 1, ("price", "200"), ("fee", "0.01"), ("feeCurrency", "bitcoin"))
        );

        Assert.That(
            Each(await GainsAsync(), "disposals", "quantity", "proceeds", "cost", "gain"),
            Is.EqualTo(new[] { "0.99/196/99/97" })
        );
    }

    [Test]
    public async Task A_deducted_fee_in_a_third_coin_is_a_disposal_of_that_coin_at_its_rate()
    {
        await PriceAsync("binancecoin", "30", 2);
        await RecordAllAsync(
            Trade("buy", "1", 0, ("coinId", "binancecoin"), ("price", "20")),
            Trade("buy", "1", 2, ("fee", "0.5"), ("feeCurrency", "BNB"), ("deductFees", true)),
            Trade("sell", "1", 3, ("price", "150"))
        );

        var gains = await GainsAsync();

        Assert.That(
            Each(gains, "disposals", "coinId", "quantity", "proceeds", "cost", "gain"),
            Is.EqualTo(new[] { "binancecoin/0.5/15/10/5", "bitcoin/1/150/115/35" })
        );
        Assert.That(gains.Json["rates"]![0]!["route"]![0]!.ToString(), Is.EqualTo("binancecoin/USD"));
    }

    [Test]
    public async Task A_fee_whose_rate_nobody_knows_is_left_out_and_named()
    {
        var bought = await RecordedAsync(Trade("buy", "1", 0, ("fee", "1"), ("feeCurrency", "XYZ")));
        await RecordAllAsync(Trade("sell", "1", 1, ("price", "150")));

        var gains = await GainsAsync();

        Assert.That((gains["totalGain"], gains["isComplete"]), Is.EqualTo(("50", "false")));
        Assert.That(Each(gains, "missing", "tradeId", "quantity", "what"), Is.EqualTo(new[] { $"{bought}/1/fee" }));
    }

    [Test]
    public async Task Each_amount_is_converted_at_its_own_date()
    {
        await PriceAsync("eur", "1.25", 0);
        await PriceAsync("eur", "2", 1);
        await RecordAllAsync(Trade("buy", "1", 0, ("price", "100")), Trade("sell", "1", 1, ("price", "200")));

        var gains = await GainsAsync("currency=EUR");

        Assert.That(Each(gains, "disposals", "cost", "proceeds", "gain"), Is.EqualTo(new[] { "80/100/20" }));
        Assert.That((gains["currency"], gains["isComplete"]), Is.EqualTo(("EUR", "true")));
    }

    [Test]
    public async Task Without_a_rate_there_is_no_gain_and_the_trade_is_named()
    {
        var bought = await RecordedAsync(Trade("buy", "1", 0, ("currency", "EUR")));
        await RecordAllAsync(Trade("sell", "1", 1));

        var gains = await GainsAsync();

        Assert.That(Each(gains, "disposals", "cost", "proceeds", "gain"), Is.EqualTo(new[] { "null/100/null" }));
        Assert.That((gains["totalProceeds"], gains["isComplete"]), Is.EqualTo(("0", "false")));
        Assert.That(
            Each(gains, "missing", "tradeId", "coinId", "what"),
            Is.EqualTo(new[] { $"{bought}/bitcoin/cost" })
        );
    }

    [Test]
    public async Task Both_legs_of_a_swap_are_worth_what_the_sold_coin_was()
    {
        await PriceAsync("ethereum", "2000", 5);
        await PriceAsync("bitcoin", "41000", 5);
        await RecordAllAsync(
            Trade("buy", "10", 0, ("coinId", "ethereum"), ("price", "1000")),
            Trade("sell", "10", 5, ("coinId", "ethereum"), ("price", "0.05"), ("currency", "BTC"), ("linkId", "swap")),
            Trade("buy", "0.5", 5, ("price", "20"), ("currency", "ETH"), ("linkId", "swap")),
            Trade("sell", "0.5", 6, ("price", "50000"))
        );

        Assert.That(
            Each(await GainsAsync(), "disposals", "coinId", "proceeds", "cost", "gain"),
            Is.EqualTo(new[] { "ethereum/20000/10000/10000", "bitcoin/25000/20000/5000" })
        );
    }

    [Test]
    public async Task Income_costs_what_the_market_paid_then()
    {
        await RecordAllAsync(Trade("income", "1", 0, ("price", "80")), Trade("sell", "1", 1, ("price", "100")));

        Assert.That(Each(await GainsAsync(), "disposals", "cost", "gain"), Is.EqualTo(new[] { "80/20" }));
    }

    [Test]
    public async Task A_transfer_keeps_cost_and_date_across_portfolios_and_only_the_network_fee_is_disposed_of()
    {
        var other = await OpenPortfolioAsync(User);
        var bought = await RecordedAsync(Trade("buy", "1", 0, ("price", "100")));
        await RecordAllAsync(
            Trade("withdrawal", "1", 3, ("price", "200"), ("linkId", "move")),
            Trade("deposit", "0.9", 3, ("price", null), ("portfolioId", other), ("linkId", "move"))
        );
        await RecordAllAsync(Trade("sell", "0.9", 5, ("price", "300"), ("portfolioId", other)));

        Assert.That(
            Each(await GainsAsync(), "disposals", "lotTradeId", "acquiredAt", "quantity", "proceeds", "cost"),
            Is.EqualTo(new[] { $"{bought}/{At(0)}/0.1/20/10", $"{bought}/{At(0)}/0.9/270/90" })
        );
        Assert.That((await GainsAsync($"portfolioId={other}"))["totalGain"], Is.EqualTo("180"));
    }

    [Test]
    public async Task Of_one_portfolio_those_are_played_that_transfers_lead_to_and_no_others()
    {
        var (second, third) = (await OpenPortfolioAsync(User), await OpenPortfolioAsync(User));
        var apart = await OpenPortfolioAsync(User, "EUR");
        await RecordAllAsync(
            Trade("buy", "1", 0, ("price", "100")),
            Trade("withdrawal", "1", 1, ("linkId", "first")),
            Trade("deposit", "1", 1, ("portfolioId", second), ("linkId", "first")),
            Trade("withdrawal", "1", 2, ("portfolioId", second), ("linkId", "next")),
            Trade("deposit", "1", 2, ("portfolioId", third), ("linkId", "next")),
            Trade("sell", "1", 3, ("price", "300"), ("portfolioId", third)),
            Trade("buy", "1", 0, ("portfolioId", apart), ("currency", "EUR"))
        );

        var gains = await GainsAsync($"portfolioId={third}&currency=USD");

        Assert.That(Each(gains, "disposals", "acquiredAt", "cost", "gain"), Is.EqualTo(new[] { $"{At(0)}/100/200" }));
        // What is not played needs no rate, either.
        Assert.That(Each(gains, "rates", "route"), Is.Empty);
        Assert.That(Each(await GainsAsync($"portfolioId={apart}"), "disposals", "gain"), Is.Empty);
    }

    [Test]
    public async Task A_network_fee_in_the_coin_itself_is_disposed_of_at_the_market_price()
    {
        var other = await OpenPortfolioAsync(User);
        await RecordAllAsync(
            Trade("buy", "8", 0, ("price", "10")),
            Trade("withdrawal", "1", 3, ("price", "139"), ("fee", "1"), ("feeCurrency", "bitcoin"), ("linkId", "move")),
            Trade("deposit", "1", 3, ("price", null), ("portfolioId", other), ("linkId", "move"))
        );

        Assert.That(
            Each(await GainsAsync(), "disposals", "quantity", "proceeds", "cost"),
            Is.EqualTo(new[] { "1/139/10" })
        );
    }

    [Test]
    public async Task An_opening_balance_is_a_lot_without_a_trade_just_before_the_first_one()
    {
        await User.PutAsync($"/portfolios/{Portfolio}/assets/bitcoin", new { quantity = "1", avgBuyPrice = "10" });
        await RecordAllAsync(Trade("buy", "1", 10), Trade("sell", "1", 11, ("price", "50")));

        Assert.That(
            Each(await GainsAsync(), "disposals", "lotTradeId", "acquiredAt", "cost"),
            Is.EqualTo(new[] { "null/2026-01-01T00:09:59.999999Z/10" })
        );
    }

    [Test]
    public async Task A_shortfall_is_filled_by_the_next_acquisitions_and_the_rest_is_named()
    {
        await ImportAsync(
            $"""
            timestamp,coinId,type,quantity,price,currency
            {At(0)},bitcoin,sell,3,100,USD
            {At(1)},bitcoin,buy,1,60,USD
            """
        );

        var gains = await GainsAsync();

        Assert.That(
            Each(gains, "disposals", "acquiredAt", "quantity", "proceeds", "cost", "term"),
            Is.EqualTo(new[] { $"{At(1)}/1/100/60/short", "null/2/200/0/null" })
        );
        Assert.That(
            Each(gains, "missing", "coinId", "quantity", "what"),
            Is.EqualTo(new[] { "bitcoin/2/acquisition" })
        );
        Assert.That((gains["totalGain"], gains["isComplete"]), Is.EqualTo(("240", "false")));
    }

    [TestCase("method=newest", "method")]
    [TestCase("from=yesterday", "from")]
    [TestCase("to=2026-01-01", "to")]
    [TestCase("from=2024-01-02T00:00:00Z&to=2024-01-01T00:00:00Z", "to")]
    [TestCase("portfolioId=mine", "portfolioId")]
    [TestCase("currency=euro", "currency")]
    [TestCase("limit=0", "limit")]
    [TestCase("cursor=abc", "cursor")]
    public async Task What_is_wrong_with_a_question_is_named(string query, string field) =>
        (await User.GetAsync($"/trades/realized-gains?{query}")).ShouldNameField(field);

    [Test]
    public async Task Somebody_elses_portfolio_is_not_there() =>
        (await (await SignUpAsync()).GetAsync($"/trades/realized-gains?portfolioId={Portfolio}")).ShouldBe(404);

    [Test]
    public async Task Without_any_trade_the_totals_are_zero() =>
        Assert.That((await GainsAsync())["totalGain"], Is.EqualTo("0"));
}
