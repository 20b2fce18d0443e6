using System.Net;
using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.UnitTests.ApiIntegration.Connectors;

internal sealed class BinanceTests
{
    private readonly Binance _binance = new();

    [Test]
    public async Task Lists_its_markets()
    {
        var api = new RecordedProvider().Replays("binance_net/Spot_ExchangeData_GetExchangeInfo").Api("binance");

        Assert.That(await _binance.ListAsync(api, default), Is.EqualTo([new Listing("ETHBTC", "ETH", "BTC")]));
    }

    [Test]
    public async Task Gives_the_prices_asked_for_in_one_call_exactly_as_written()
    {
        var provider = new RecordedProvider().Answers(
            "/api/v3/ticker/price",
            """[{"symbol":"LTCBTC","price":"4.00000200"},{"symbol":"SHIBUSDT","price":"0.00002519"},{"symbol":"GONE","price":"0.00000000"}]"""
        );
        var shib = new Market("SHIBUSDT", "USDT");

        var prices = await _binance.PricesAsync(
            provider.Api("binance"),
            [shib, new Market("GONE", "USDT"), new Market("NEVER", "USDT")],
            default
        );

        Assert.That(prices, Is.EqualTo([new MarketPrice(shib, 0.00002519m)]));
        Assert.That(provider.Asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Gives_candles()
    {
        var api = new RecordedProvider().Replays("binance_net/Spot_ExchangeData_GetKlines").Api("binance");
        var opens = DateTimeOffset.FromUnixTimeMilliseconds(1499040000000);

        var candles = await _binance.CandlesAsync(
            api,
            new CandleRange(new Market("ETHBTC", "BTC"), CandleInterval.Find("1h")!, opens, opens.AddHours(1)),
            default
        );

        Assert.That(
            candles,
            Is.EqualTo([new Candle(opens, 0.01634790m, 0.8m, 0.01575800m, 0.01577100m, 148976.11427815m)])
        );
    }

    [Test]
    public async Task Says_what_a_key_may()
    {
        var api = new RecordedProvider().Replays("binance_net/Spot_Account_GetAPIKeyPermissions").Api("binance");

        var may = await _binance.CheckAsync(api, RecordedProvider.Key, default);

        Assert.That(may.MayWithdraw, Is.False);
        Assert.That(may.Permissions, Is.EqualTo(["enablePortfolioMarginTrading", "enableReading"]));
    }

    [Test]
    public async Task Finds_fills_market_by_market_and_the_next_time_only_what_came_after()
    {
        var provider = new RecordedProvider()
            .Answers(
                "/api/v3/exchangeInfo",
                """
                {"symbols":[{"symbol":"ETHBTC","baseAsset":"ETH","quoteAsset":"BTC"},
                    {"symbol":"BNBBTC","baseAsset":"BNB","quoteAsset":"BTC"}]}
                """
            )
            .Replays("binance_net/Spot_Account_GetAccountInfo")
            .Answers("/api/v3/myTrades?symbol=ETHBTC", "[]")
            .Replays("binance_net/Spot_Trading_GetUserTrades")
            .Answers("/api/v3/myTrades", "[]");
        var api = provider.Api("binance");

        var first = await _binance.FillsAsync(api, RecordedProvider.Key, null, default);
        var again = provider.Asked.Count;
        var second = await _binance.FillsAsync(api, RecordedProvider.Key, first.Cursor, default);

        Assert.That(
            first.Fills,
            Is.EqualTo([
                new Fill(
                    "BNBBTC-28457",
                    "BNB",
                    "BTC",
                    FillSide.Buy,
                    12m,
                    4.000001m,
                    48.000012m,
                    10.1m,
                    "BNB",
                    DateTimeOffset.FromUnixTimeMilliseconds(1499865549590)
                ),
            ])
        );
        Assert.That((first.IsLast, first.Progress, second.Fills.Count, second.IsLast), Is.EqualTo((true, 1m, 0, true)));
        Assert.That(
            provider.Asked.Skip(again).Where(path => path.Contains("myTrades")),
            Is.EqualTo(["/api/v3/myTrades?symbol=BNBBTC&fromId=28458&limit=1000"])
        );
    }

    [TestCase(-2015, ConnectorFault.InvalidKey)]
    [TestCase(-1021, ConnectorFault.Unavailable)]
    [TestCase(-1002, ConnectorFault.MissingPermission)]
    [TestCase(-1121, ConnectorFault.Refused)]
    public void Its_refusals_become_plain_words(int code, ConnectorFault fault)
    {
        var api = new RecordedProvider()
            .Answers("/", $$"""{"code":{{code}},"msg":"the-key is wrong"}""", HttpStatusCode.BadRequest)
            .Api("binance");

        var refusal = Assert.ThrowsAsync<ConnectorException>(() =>
            _binance.CheckAsync(api, RecordedProvider.Key, default)
        );

        Assert.That(refusal!.Fault, Is.EqualTo(fault));
        Assert.That(refusal.Message, Does.StartWith("binance").And.Not.Contain("the-key"));
    }

    [TestCase("""[{"symbol":"BTCUSDT","price":"-1"}]""")]
    [TestCase("""[{"symbol":"BTCUSDT","price":null}]""")]
    [TestCase("""[{"symbol":"BTCUSDT"}]""")]
    [TestCase("""[{"symbol":"BTCUSDT","price":{"usd":1}}]""")]
    [TestCase("""[{"symbol":"BTCUSDT","price":"1,5"}]""")]
    [TestCase("""[{"symbol":7,"price":"1"}]""")]
    [TestCase("""{"symbols":[]}""")]
    [TestCase("<html>Down for maintenance</html>")]
    [TestCase("""[{"symbol":"BTCUSDT","pri""")]
    [TestCase("")]
    public void A_changed_format_is_an_error_and_no_price(string body)
    {
        var api = new RecordedProvider().Answers("/", body).Api("binance");

        var changed = Assert.ThrowsAsync<ConnectorException>(() =>
            _binance.PricesAsync(api, [new Market("BTCUSDT", "USDT")], default)
        );

        Assert.That(changed!.Fault, Is.EqualTo(ConnectorFault.ChangedFormat));
    }
}
