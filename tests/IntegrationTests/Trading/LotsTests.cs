using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

internal sealed class LotsTests : LotTest
{
    [Test]
    public async Task Open_lots_are_listed_with_what_is_left_of_them()
    {
        var bought = await RecordedAsync(Trade("buy", "2", 0, ("fee", "4")));
        await RecordAllAsync(Trade("sell", "0.5", 1));

        Assert.That(
            Each(
                await LotsAsync(),
                "items",
                "tradeId",
                "coinId",
                "acquiredAt",
                "quantity",
                "unitCost",
                "cost",
                "longTermFrom"
            ),
            Is.EqualTo(new[] { $"{bought}/bitcoin/{At(0)}/1.5/102/153/2027-01-01T00:00:00Z" })
        );
    }

    [Test]
    public async Task Lots_of_the_past_are_those_that_were_open_then()
    {
        await RecordAllAsync(Trade("buy", "2"), Trade("sell", "2", 5), Trade("buy", "3", 6));

        Assert.That(Each(await LotsAsync($"asOf={At(4)}"), "items", "quantity"), Is.EqualTo(new[] { "2" }));
        Assert.That(Each(await LotsAsync($"asOf={At(5)}"), "items", "quantity"), Is.Empty);
    }

    [Test]
    public async Task Lots_of_one_coin_come_in_pages()
    {
        await RecordAllAsync(
            Trade("buy", "1"),
            Trade("buy", "2", 1),
            Trade("buy", "3", 2),
            Trade("buy", "9", 3, ("coinId", "ethereum"))
        );

        var first = await LotsAsync("coinId=bitcoin&limit=2");
        var second = await LotsAsync($"coinId=bitcoin&limit=2&cursor={first["nextCursor"]}");

        Assert.That(
            Each(first, "items", "quantity").Concat(Each(second, "items", "quantity")),
            Is.EqualTo(new[] { "1", "2", "3" })
        );
    }

    [Test]
    public async Task A_pool_is_one_lot_without_a_date()
    {
        await RecordAllAsync(Trade("buy", "1", 0, ("price", "100")), Trade("buy", "1", 1, ("price", "200")));

        Assert.That(
            Each(
                await LotsAsync("method=average"),
                "items",
                "tradeId",
                "acquiredAt",
                "quantity",
                "unitCost",
                "longTermFrom"
            ),
            Is.EqualTo(new[] { "null/null/2/150/null" })
        );
    }

    [Test]
    public async Task A_deposit_of_unknown_cost_is_a_lot_and_is_named()
    {
        var deposit = await RecordedAsync(
            Trade("deposit", "1", 0, ("price", null), ("acquiredAt", "2020-01-01T00:00:00Z"))
        );

        var lots = await LotsAsync();

        Assert.That(
            Each(lots, "items", "acquiredAt", "quantity", "cost"),
            Is.EqualTo(new[] { "2020-01-01T00:00:00Z/1/null" })
        );
        Assert.That(Each(lots, "missing", "tradeId", "what"), Is.EqualTo(new[] { $"{deposit}/cost" }));
    }

    [Test]
    public async Task What_is_left_of_lots_equals_the_position()
    {
        await RecordAllAsync(
            Trade("buy", "1.5", 0, ("fee", "0.01"), ("feeCurrency", "bitcoin")),
            Trade("income", "0.3", 1),
            Trade("withdrawal", "0.2", 2),
            Trade("sell", "0.7", 3, ("fee", "0.02"), ("feeCurrency", "bitcoin"))
        );

        foreach (var method in new[] { "fifo", "lifo", "hifo", "average" })
        {
            var open = (await LotsAsync($"method={method}")).Items.Sum(lot => Number(lot!["quantity"]));
            Assert.That($"{open:0.##}/0", Is.EqualTo(string.Join('/', (await PositionAsync())!.Split('/').Take(2))));
        }
    }

    [Test]
    public async Task A_sale_is_weighed_under_every_method_side_by_side()
    {
        await RecordAllAsync(
            Trade("buy", "1", 0, ("price", "100")),
            Trade("buy", "1", 1, ("price", "300")),
            Trade("buy", "1", 2, ("price", "200"))
        );

        var outlook = (
            await User.GetAsync($"/trades/what-if-sale?portfolioId={Portfolio}&coinId=bitcoin&quantity=1&price=500")
        ).ShouldBe(200);

        Assert.That(
            Each(outlook, "methods", "method", "cost", "gain", "shortTermGain"),
            Is.EqualTo(new[] { "fifo/100/400/400", "lifo/200/300/300", "hifo/300/200/200", "average/200/300/0" })
        );
        Assert.That((outlook["proceeds"], outlook["nextLongTermFrom"]), Is.EqualTo(("500", "2027-01-01T00:00:00Z")));
        Assert.That(await CountAsync(), Is.EqualTo(3));
    }

    [Test]
    public async Task A_sale_of_more_than_is_held_is_refused()
    {
        await RecordAllAsync(Trade("buy", "1"));

        var answer = await User.GetAsync(
            $"/trades/what-if-sale?portfolioId={Portfolio}&coinId=bitcoin&quantity=2&price=500"
        );

        answer.ShouldRefuse(409, "insufficient_quantity");
    }

    [TestCase("/trades/lots?asOf=2999-01-01T00:00:00Z", "asOf")]
    [TestCase("/trades/lots?coinId=BTC", "coinId")]
    [TestCase("/trades/lots?method=first", "method")]
    [TestCase("/trades/lots?cursor=abc", "cursor")]
    [TestCase("/trades/what-if-sale?coinId=bitcoin", "quantity")]
    [TestCase("/trades/what-if-sale?quantity=1", "coinId")]
    [TestCase("/trades/what-if-sale?coinId=bitcoin&quantity=0", "quantity")]
    [TestCase("/trades/what-if-sale?coinId=bitcoin&quantity=1&price=-1", "price")]
    [TestCase("/trades/what-if-sale?coinId=bitcoin&quantity=1", "price")]
    [TestCase("/trades/tax-report", "year")]
    [TestCase("/trades/tax-report?year=2999", "year")]
    [TestCase("/trades/tax-report?year=soon", "year")]
    [TestCase("/trades/tax-report?year=2025&timeZone=Middle/Earth", "timeZone")]
    [TestCase("/trades/statistics", "groupBy")]
    [TestCase("/trades/statistics?groupBy=mood", "groupBy")]
    public async Task What_is_wrong_with_a_question_is_named(string path, string field) =>
        (await User.GetAsync(path)).ShouldNameField(field);
}
