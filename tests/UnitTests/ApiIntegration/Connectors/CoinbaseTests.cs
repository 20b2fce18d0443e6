using System.Net;
using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.UnitTests.ApiIntegration.Connectors;

/// <summary>Answers as the documentation of Coinbase Exchange prints them.</summary>
internal sealed class CoinbaseTests
{
    private const string Products = """
        [{"id":"BTC-USD","base_currency":"BTC","quote_currency":"USD","status":"online"},
         {"id":"ETH-USD","base_currency":"ETH","quote_currency":"USD","status":"online"}]
        """;
    private const string Accounts = """
        [{"id":"7fd0abc0-e5ad-4cbb-8d54-f2b3f43364da","currency":"USD","balance":"0.0000000000000000","hold":"0","available":"0","trading_enabled":true},
         {"id":"7fd0abc0-e5ad-4cbb-8d54-f2b3f43364db","currency":"ETH","balance":"1.1000000000000000","hold":"0","available":"1.1","trading_enabled":true}]
        """;

    private readonly Coinbase _coinbase = new();

    [Test]
    public async Task Prices_a_product_with_the_time_of_its_last_trade()
    {
        var api = new RecordedProvider()
            .Answers(
                "/products/BTC-USD/ticker",
                """{"trade_id":86326522,"price":"6268.48","size":"0.00698254","time":"2020-03-20T00:22:57.833897Z","bid":"6265.15","ask":"6267.71","volume":"53602.03940154"}"""
            )
            .Answers("/products/OLD-USD/ticker", """{"message":"NotFound"}""", HttpStatusCode.NotFound)
            .Api("coinbase");
        var bitcoin = new Market("BTC-USD", "USD");

        var prices = await _coinbase.PricesAsync(api, [new Market("OLD-USD", "USD"), bitcoin], default);

        Assert.That(
            prices,
            Is.EqualTo([new MarketPrice(bitcoin, 6268.48m, DateTimeOffset.Parse("2020-03-20T00:22:57.833897Z"))])
        );
    }

    [Test]
    public async Task Gives_candles_oldest_first_whatever_the_order_of_its_columns()
    {
        var api = new RecordedProvider()
            .Answers(
                "/products/BTC-USD/candles",
                "[[1415398860,0.5,4.3,0.4,4.1,10.25],[1415398800,0.32,4.2,0.35,4.2,12.3]]"
            )
            .Api("coinbase");
        var from = DateTimeOffset.FromUnixTimeSeconds(1415398800);

        var candles = await _coinbase.CandlesAsync(
            api,
            new CandleRange(new Market("BTC-USD", "USD"), CandleInterval.Find("1m")!, from, from.AddHours(1)),
            default
        );

        Assert.That(
            candles,
            Is.EqualTo([
                new Candle(from, 0.35m, 4.2m, 0.32m, 4.2m, 12.3m),
                new Candle(from.AddMinutes(1), 0.4m, 4.3m, 0.5m, 4.1m, 10.25m),
            ])
        );
    }

    [Test]
    public async Task Gives_fills_oldest_first_those_of_held_assets_before_the_others()
    {
        var provider = new RecordedProvider()
            .Answers("/products", Products)
            .Answers("/accounts", Accounts)
            .Answers("/fills?product_id=ETH-USD", Fills(id: 12, product: "ETH-USD"), cursor: "11")
            .Answers("/fills?product_id=BTC-USD", "[]");

        var page = await _coinbase.FillsAsync(provider.Api("coinbase"), RecordedProvider.Key, null, default);
        var rest = await _coinbase.FillsAsync(provider.Api("coinbase"), RecordedProvider.Key, page.Cursor, default);

        Assert.That(page.Fills.Select(fill => fill.ExternalId), Is.EqualTo(["ETH-USD-11", "ETH-USD-12"]));
        Assert.That(
            page.Fills[1],
            Is.EqualTo(
                new Fill(
                    "ETH-USD-12",
                    "ETH",
                    "USD",
                    FillSide.Sell,
                    0.006018m,
                    8087.38m,
                    null,
                    0.2433492642m,
                    "USD",
                    DateTimeOffset.Parse("2019-11-21T01:38:23.878Z")
                )
            )
        );
        Assert.That((page.IsLast, page.Progress, rest.IsLast), Is.EqualTo((false, 0.5m, true)));
    }

    [Test]
    public void A_key_that_is_not_accepted_says_so()
    {
        var api = new RecordedProvider()
            .Answers("/", """{"message":"Invalid API Key"}""", HttpStatusCode.Unauthorized)
            .Api("coinbase");

        Assert.That(
            Assert
                .ThrowsAsync<ConnectorException>(() => _coinbase.CheckAsync(api, RecordedProvider.Key, default))!
                .Fault,
            Is.EqualTo(ConnectorFault.InvalidKey)
        );
    }

    private static string Fills(int id, string product) => $"[{Fill(id, product)},{Fill(id - 1, product)}]";

    private static string Fill(int id, string product) =>
        $$"""
            {"created_at":"2019-11-21T01:38:23.878Z","trade_id":{{id}},"product_id":"{{product}}","order_id":"41473628-db2c-464e-b9f4-82df7e4fb4f4",
            "liquidity":"T","price":"8087.38000000","size":"0.00601800","fee":"0.2433492642000000","side":"sell","settled":true,"usd_volume":"48.66"}
            """;
}
