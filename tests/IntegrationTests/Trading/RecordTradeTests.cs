using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Trading;

internal sealed class RecordTradeTests : TradingTest
{
    [Test]
    public async Task What_goes_in_comes_out()
    {
        var recorded = (
            await RecordAsync(
                Trade(
                    "buy",
                    "0.000000000000000001",
                    1,
                    ("price", "123456789.123456789"),
                    ("currency", "EUR"),
                    ("fee", "0.1"),
                    ("feeCurrency", "BNB"),
                    ("exchange", "Kraken"),
                    ("externalId", "T-1"),
                    ("linkId", "swap 1"),
                    ("notes", "first\nsecond"),
                    ("tags", new JsonArray("dca", "a;b", "dca"))
                )
            )
        ).ShouldBe(201);

        var read = (await User.GetAsync(recorded.Location!)).ShouldBe(200);

        Assert.That(JsonNode.DeepEquals(read.Json, recorded.Json), read.ToString());
        Assert.That(read.ETag, Is.EqualTo(recorded.ETag));
        Assert.That(
            (read["quantity"], read["price"], read["totalValue"]),
            Is.EqualTo(("0.000000000000000001", "123456789.123456789", "0.000000000123456789"))
        );
        Assert.That(
            (read["currency"], read["feeCurrency"], read["notes"], read["timestamp"]),
            Is.EqualTo(("EUR", "BNB", "first\nsecond", At(1)))
        );
        Assert.That(read.Json["tags"]!.ToJsonString(), Is.EqualTo("""["dca","a;b"]"""));
    }

    [Test]
    public async Task What_is_not_given_follows_from_the_portfolio_and_the_clock()
    {
        var trade = Trade("buy", "2");
        trade.Remove("timestamp");

        var recorded = (await RecordAsync(trade)).ShouldBe(201);

        Assert.That(
            (recorded["currency"], recorded["feeCurrency"], recorded["fee"], recorded["totalValue"]),
            Is.EqualTo(("USD", "USD", "0", "200"))
        );
        Assert.That(
            DateTimeOffset.Parse(recorded["timestamp"]!),
            Is.EqualTo(TimeProvider.System.GetUtcNow()).Within(TimeSpan.FromMinutes(1))
        );
    }

    [Test]
    public async Task Of_a_given_total_the_price_is_the_quotient()
    {
        var recorded = (await RecordAsync(Trade("buy", "3", 0, ("price", null), ("totalValue", "100")))).ShouldBe(201);

        Assert.That((recorded["price"], recorded["totalValue"]), Is.EqualTo(("33.333333333333333333", "100")));
    }

    [Test]
    public async Task The_position_follows()
    {
        await RecordedAsync(Trade("buy", "1", 1));
        await RecordedAsync(Trade("buy", "3", 2, ("price", "200")));
        await RecordedAsync(Trade("sell", "2", 3));

        Assert.That(await PositionAsync(), Is.EqualTo("2/0/175"));
    }

    [Test]
    public async Task Fees_in_the_traded_coin_change_what_is_held()
    {
        await RecordedAsync(Trade("buy", "2", 1, ("fee", "0.1"), ("feeCurrency", "BTC")));
        await RecordedAsync(Trade("sell", "1", 2, ("fee", "0.2"), ("feeCurrency", "bitcoin")));
        await RecordedAsync(Trade("sell", "0.1", 3, ("fee", "5"), ("feeCurrency", "BNB")));

        Assert.That(await PositionAsync(), Is.EqualTo("0.6/0/100"));
    }

    [Test]
    public async Task A_back_dated_buy_counts_as_if_it_had_always_been_there()
    {
        await RecordedAsync(Trade("buy", "1", 5));
        await RecordedAsync(Trade("sell", "1", 6));
        await RecordedAsync(Trade("buy", "1", 1, ("price", "300")));

        Assert.That(await PositionAsync(), Is.EqualTo("1/0/200"));
    }

    [TestCase(0, TestName = "before it was bought")]
    [TestCase(9, TestName = "after it was sold")]
    [TestCase(3, TestName = "what a later sale needs")]
    public async Task Nothing_is_sold_that_is_not_held_at_that_time(int minute)
    {
        await RecordedAsync(Trade("buy", "1", 1));
        await RecordedAsync(Trade("sell", "1", 5));

        (await RecordAsync(Trade("sell", "0.000000000000000001", minute))).ShouldRefuse(409, "insufficient_quantity");

        Assert.That((await CountAsync(), await PositionAsync()), Is.EqualTo((2, (string?)null)));
    }

    [Test]
    public async Task Simultaneous_sales_get_what_there_is_and_no_more()
    {
        await RecordedAsync(Trade("buy", "10", 0));

        var answers = await Task.WhenAll(Enumerable.Range(1, 50).Select(i => RecordAsync(Trade("sell", "0.3", i % 7))));

        Assert.That(answers.Count(answer => (int)answer.Status == 201), Is.EqualTo(33));
        Assert.That(
            answers.Where(answer => (int)answer.Status != 201).Select(answer => answer["code"]),
            Is.All.EqualTo("insufficient_quantity")
        );
        Assert.That(await PositionAsync(), Is.EqualTo("0.1/0/100"));
    }

    [Test]
    public async Task A_trade_in_a_currency_without_a_rate_counts_and_is_left_out_of_the_average()
    {
        await RecordedAsync(Trade("buy", "1", 1));
        await RecordedAsync(Trade("buy", "1", 2, ("currency", "XYZ")));
        await RecordedAsync(Trade("buy", "1", 3, ("price", "200")));

        Assert.That(await PositionAsync(), Is.EqualTo("3/0/150"));
    }

    [Test]
    public async Task The_same_external_id_of_the_same_exchange_is_one_trade()
    {
        await RecordedAsync(Trade("buy", "1", 1, ("exchange", "Kraken"), ("externalId", "7")));
        await RecordedAsync(Trade("buy", "1", 1, ("exchange", "Bitstamp"), ("externalId", "7")));

        (await RecordAsync(Trade("buy", "2", 2, ("exchange", "kraken"), ("externalId", "7")))).ShouldRefuse(
            409,
            "duplicate_trade"
        );
    }

    [Test]
    public async Task A_repeated_request_with_the_same_key_records_once()
    {
        var first = (await User.PostAsync("/trades", Trade("buy", "1"), ("Idempotency-Key", "k"))).ShouldBe(201);
        var second = (await User.PostAsync("/trades", Trade("buy", "1"), ("Idempotency-Key", "k"))).ShouldBe(201);

        Assert.That((second.Text, second.ETag, await CountAsync()), Is.EqualTo((first.Text, first.ETag, 1)));
    }

    [TestCase("portfolioId", "null")]
    [TestCase("portfolioId", "\"x\"")]
    [TestCase("coinId", "\"Bitcoin\"")]
    [TestCase("coinId", "null")]
    [TestCase("type", "\"short\"")]
    [TestCase("type", "0")]
    [TestCase("type", "null")]
    [TestCase("quantity", "0")]
    [TestCase("quantity", "\"-1\"")]
    [TestCase("quantity", "null")]
    [TestCase("quantity", "\"NaN\"")]
    [TestCase("quantity", "\"1e3\"")]
    [TestCase("quantity", "\"0.0000000000000000001\"")]
    [TestCase("quantity", "12345678901234567890123456789")]
    [TestCase("quantity", "true")]
    [TestCase("price", "-1")]
    [TestCase("price", "null")]
    [TestCase("price", "9999999999999999999999999999")]
    [TestCase("totalValue", "\"201\"")]
    [TestCase("currency", "\"usd\"")]
    [TestCase("fee", "-0.1")]
    [TestCase("feeCurrency", "\"B T C\"")]
    [TestCase("deductFees", "\"yes\"")]
    [TestCase("timestamp", "\"2999-01-01T00:00:00Z\"")]
    [TestCase("timestamp", "\"0001-01-01T00:00:00Z\"")]
    [TestCase("timestamp", "\"2026-01-01\"")]
    [TestCase("acquiredAt", "\"2026-01-01T00:00:00Z\"")]
    [TestCase("exchange", "\"\"")]
    [TestCase("externalId", "\"a\\u0001\"")]
    [TestCase("linkId", "7")]
    [TestCase("notes", "\"\\u0000\"")]
    [TestCase("tags", "[\"\"]")]
    [TestCase("tags", "[null]")]
    [TestCase("tags", "\"dca\"")]
    [TestCase("unknown", "1")]
    public async Task A_wrong_field_is_named_and_nothing_is_recorded(string field, string value)
    {
        var trade = Trade("buy", "2.5", 0, ("unknown", null));
        trade.Remove("unknown");
        trade[field] = JsonNode.Parse(value);

        (await RecordAsync(trade)).ShouldNameField(field);

        Assert.That(await CountAsync(), Is.Zero);
    }

    [Test]
    public async Task Nobody_trades_in_anothers_portfolio()
    {
        var other = await SignUpAsync();

        (await other.PostAsync("/trades", Trade("buy", "1"))).ShouldRefuse(404, "not_found");
    }

    [Test]
    public async Task A_batch_may_be_a_thousand_trades_and_no_more()
    {
        var trades = Enumerable.Range(0, 1000).Select(i => Trade(i % 3 == 2 ? "sell" : "buy", "1", i)).ToArray();

        var recorded = (await User.PostAsync("/trades/batch", new { trades })).ShouldBe(201);
        (await User.PostAsync("/trades/batch", new { trades = trades.Append(Trade("buy", "1")) })).ShouldNameField(
            "trades"
        );

        Assert.That(recorded.Items, Has.Count.EqualTo(1000));
        Assert.That(await PositionAsync(), Is.EqualTo("334/0/100"));
    }

    [Test]
    public async Task A_batch_is_recorded_as_a_whole_or_not_at_all()
    {
        var swap = new[]
        {
            Trade("sell", "1", 2),
            Trade("buy", "1", 1),
            Trade("buy", "20", 2, ("coinId", "ethereum"), ("price", "5")),
        };
        (await User.PostAsync("/trades/batch", new { trades = swap })).ShouldBe(201);
        Assert.That((await CountAsync(), await PositionAsync("ethereum")), Is.EqualTo((3, "20/0/5")));

        (
            await User.PostAsync(
                "/trades/batch",
                new { trades = new[] { Trade("buy", "1", 3), Trade("sell", "2", 4) } }
            )
        ).ShouldRefuse(409, "insufficient_quantity");
        (
            await User.PostAsync("/trades/batch", new { trades = new[] { Trade("buy", "1"), Trade("buy", "-1") } })
        ).ShouldNameField("trades[1].quantity");
        (
            await User.PostAsync(
                "/trades/batch",
                new { trades = new[] { Trade("buy", "1"), Trade("buy", "1", 0, ("totalValue", "3")) } }
            )
        ).ShouldNameField("trades[1].totalValue");
        (await User.PostAsync("/trades/batch", new { trades = Array.Empty<object>() })).ShouldNameField("trades");
        Assert.That(await CountAsync(), Is.EqualTo(3));
    }
}
