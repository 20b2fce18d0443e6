using System.Net;
using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Application.Configuration;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.UnitTests.ApiIntegration.Connectors;

internal sealed class CoinGeckoTests
{
    private readonly CoinGecko _coinGecko = new(new BeaconOptions());

    [Test]
    public async Task Lists_coins_under_our_ids()
    {
        var api = new RecordedProvider().Replays("coingecko_net/GetAssets").Api("coingecko", Api);

        Assert.That(
            await _coinGecko.ListAsync(api, default),
            Is.EqualTo([
                new Listing("0chain", "ZCN", null, "0chain", "Zus"),
                new Listing("01coin", "ZOC", null, "01coin", "01coin"),
            ])
        );
    }

    [Test]
    public async Task Prices_two_hundred_coins_a_call_and_leaves_out_what_has_no_price()
    {
        var provider = new RecordedProvider().Replays("coingecko_net/GetPrices");
        var ethereum = new Market("ethereum", "USD");
        var others = Enumerable.Range(0, 250).Select(i => new Market($"coin-{i}", "USD"));

        var prices = await _coinGecko.PricesAsync(provider.Api("coingecko", Api), [ethereum, .. others], default);

        Assert.That(prices, Has.Member(new MarketPrice(ethereum, 1498.64m)));
        Assert.That(provider.Asked, Has.Count.EqualTo(2));
    }

    [TestCase("1.4e-10", "0.00000000014")]
    [TestCase("69702.3087473573", "69702.3087473573")]
    [TestCase("0.0000000000000000005", null)]
    public async Task Reads_a_number_as_it_is_written(string written, string? price)
    {
        var api = new RecordedProvider()
            .Answers("/", $$$"""{"pepe":{"usd":{{{written}}},"last_updated_at":1712508571}}""")
            .Api("coingecko", Api);

        var prices = await _coinGecko.PricesAsync(api, [new Market("pepe", "USD")], default);

        Assert.That(prices.Select(known => Exact.Format(known.Price)).SingleOrDefault(), Is.EqualTo(price));
    }

    [Test]
    public async Task Names_a_candle_by_its_opening_and_leaves_out_the_one_under_way()
    {
        var provider = new RecordedProvider().Answers(
            "/api/v3/coins/bitcoin/ohlc",
            "[[1712570400000,61942,62211,61721,61845],[1712577600000,61828,62139,61726,62139],[1712578000000,1,1,1,1]]"
        );
        var to = DateTimeOffset.FromUnixTimeMilliseconds(1712577600000);

        var candles = await _coinGecko.CandlesAsync(
            provider.Api("coingecko", Api),
            new CandleRange(new Market("bitcoin", "USD"), CandleInterval.Find("4h")!, to.AddHours(-8), to),
            default
        );

        Assert.That(candles, Is.EqualTo([new Candle(to.AddHours(-4), 61828, 62139, 61726, 62139, null)]));
    }

    [Test]
    public void A_key_that_is_not_accepted_says_so()
    {
        var api = new RecordedProvider()
            .Answers(
                "/",
                """{"status":{"error_code":10002,"error_message":"API Key Missing"}}""",
                HttpStatusCode.Unauthorized
            )
            .Api("coingecko", Api);

        Assert.That(
            Assert
                .ThrowsAsync<ConnectorException>(() => _coinGecko.CheckAsync(api, RecordedProvider.Key, default))!
                .Fault,
            Is.EqualTo(ConnectorFault.InvalidKey)
        );
    }

    private const string Api = "https://api.coingecko.example/api/v3";
}
