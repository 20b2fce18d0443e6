namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>finance.md, "Rates", held against the function that all modules call.</summary>
internal sealed class RateTests : MarketTest
{
    private static readonly DateTimeOffset Noon = new(2024, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task The_minute_that_contains_the_time_gives_its_close()
    {
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1m",
                "2024-03-01T12:00:00Z,1,9,1,7,1",
                "2024-03-01T12:01:00Z,8,8,8,8,1"
            )
        ).ShouldBe(200);

        Assert.That(await RateAsync("bitcoin", "USD", Noon.AddSeconds(30)), Is.EqualTo("7 by bitcoin/USD"));
    }

    [Test]
    public async Task Otherwise_the_newest_price_before_counts_for_24_hours()
    {
        (await QuoteAsync(("bitcoin", "USD", 5, Noon), ("bitcoin", "USD", 6, Noon.AddHours(30)))).ShouldBe(202);

        Assert.That(await RateAsync("bitcoin", "USD", Noon.AddHours(24)), Is.EqualTo("5 by bitcoin/USD"));
        Assert.That(await RateAsync("bitcoin", "USD", Noon.AddHours(24).AddSeconds(1)), Is.Null);
        Assert.That(await RateAsync("bitcoin", "USD", Noon.AddSeconds(-61)), Is.Null);
    }

    [Test]
    public async Task Fiat_prices_count_for_72_hours()
    {
        (await QuoteAsync(("eur", "USD", 1.25m, Noon))).ShouldBe(202);

        Assert.That(await RateAsync("eur", "USD", Noon.AddHours(72)), Is.EqualTo("1.25 by eur/USD"));
        Assert.That(await RateAsync("eur", "USD", Noon.AddHours(73)), Is.Null);
    }

    [Test]
    public async Task A_coarser_candle_speaks_once_it_has_ended()
    {
        (
            await ImportAsync(
                "bitcoin",
                "USD",
                "1h",
                "2024-03-01T11:00:00Z,1,9,1,7,1",
                "2024-03-01T12:00:00Z,8,8,8,8,1"
            )
        ).ShouldBe(200);

        Assert.That(await RateAsync("bitcoin", "USD", Noon.AddMinutes(59)), Is.EqualTo("7 by bitcoin/USD"));
        Assert.That(await RateAsync("bitcoin", "USD", Noon.AddMinutes(60)), Is.EqualTo("8 by bitcoin/USD"));
    }

    [Test]
    public async Task Routes_are_tried_straight_inverse_through_USD_and_through_BTC()
    {
        (await QuoteAsync(("litecoin", "BTC", 0.002m, Noon), ("bitcoin", "EUR", 50_000, Noon))).ShouldBe(202);
        Assert.That(await RateAsync("litecoin", "EUR", Noon), Is.EqualTo("100 by litecoin/BTC bitcoin/EUR"));

        (await QuoteAsync(("litecoin", "USD", 120, Noon), ("eur", "USD", 1.25m, Noon))).ShouldBe(202);
        Assert.That(await RateAsync("litecoin", "EUR", Noon), Is.EqualTo("96 by litecoin/USD eur/USD"));

        (await QuoteAsync(("eur", "LTC", 0.01m, Noon))).ShouldBe(202);
        Assert.That(await RateAsync("litecoin", "EUR", Noon), Is.EqualTo("100 by eur/LTC"));

        (await QuoteAsync(("litecoin", "EUR", 99, Noon))).ShouldBe(202);
        Assert.That(await RateAsync("litecoin", "EUR", Noon), Is.EqualTo("99 by litecoin/EUR"));
    }

    [Test]
    public async Task A_coin_is_worth_one_of_itself()
    {
        Assert.That(await RateAsync("bitcoin", "BTC", Noon), Is.EqualTo("1 by "));
        Assert.That(await RateAsync("eur", "EUR", Noon), Is.EqualTo("1 by "));
    }

    [Test]
    public async Task An_inexact_rate_is_rounded_half_even_at_the_18th_decimal()
    {
        (await QuoteAsync(("eur", "USD", 3, Noon))).ShouldBe(202);

        Assert.That(await RateAsync("usd", "EUR", Noon), Is.EqualTo("0.333333333333333333 by eur/USD"));
    }

    [Test]
    public async Task What_the_decimal_of_the_application_can_not_hold_is_no_rate()
    {
        (
            await QuoteAsync(
                ("dust", "USD", 0.000000000000000001m, Noon),
                ("whale", "USD", 9_999_999_999_999_999_999_999_999_999m, Noon),
                ("nothing", "USD", 0, Noon)
            )
        ).ShouldBe(202);
        (await Admin.PutAsync("/admin/market/coins/dust", new { symbol = "DUST", name = "Dust" })).ShouldBe(201);
        (await Admin.PutAsync("/admin/market/coins/whale", new { symbol = "WHALE", name = "Whale" })).ShouldBe(201);
        (await Admin.PutAsync("/admin/market/coins/nothing", new { symbol = "NOTHING", name = "Nothing" })).ShouldBe(
            201
        );

        Assert.That(await RateAsync("whale", "DUST", Noon), Is.Null);
        Assert.That(await RateAsync("dust", "WHALE", Noon), Is.Null);
        Assert.That(await RateAsync("usd", "NOTHING", Noon), Is.Null);
        Assert.That(await RateAsync("nothing", "DUST", Noon), Does.StartWith("0 by"));
    }

    [Test]
    public async Task A_symbol_of_several_coins_stands_for_none_of_them()
    {
        (await Admin.PutAsync("/admin/market/coins/twin-one", new { symbol = "TWIN", name = "One" })).ShouldBe(201);
        (await Admin.PutAsync("/admin/market/coins/twin-two", new { symbol = "TWIN", name = "Two" })).ShouldBe(201);
        (await QuoteAsync(("twin-one", "USD", 2, Noon))).ShouldBe(202);

        Assert.That(await RateAsync("usd", "TWIN", Noon), Is.Null);
        Assert.That(await RateAsync("twin-one", "USD", Noon), Is.EqualTo("2 by twin-one/USD"));
    }

    private static Task<string?> RateAsync(string coinId, string currency, DateTimeOffset at) =>
        StoredAsync<string>(
            "select price || ' by ' || array_to_string(route, ' ') from api_integration.rate_at($1, $2, $3)",
            coinId,
            currency,
            at.UtcDateTime
        );
}
