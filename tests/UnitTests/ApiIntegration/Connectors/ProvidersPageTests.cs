using System.Runtime.CompilerServices;
using CryptoBeacon.ApiIntegration.Connectors;
using CryptoBeacon.ApiIntegration.Domain;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.UnitTests.ApiIntegration.Connectors;

/// <summary>The connector that docs/providers.md shows is this one, to the letter, and it works.</summary>
internal sealed class ProvidersPageTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_040);

    private readonly Bitstamp _bitstamp = new();

    [Test]
    public async Task The_page_shows_a_whole_connector()
    {
        var file = await File.ReadAllTextAsync(BesideThis("Bitstamp.cs"));
        var page = await File.ReadAllTextAsync(BesideThis("../../../../docs/providers.md"));

        Assert.That(page, Does.Contain(file[file.IndexOf("/// <summary>", StringComparison.Ordinal)..]));
    }

    [Test]
    public async Task It_lists_prices_and_gives_candles()
    {
        var api = new RecordedProvider()
            .Answers(
                "/api/v2/markets/",
                """[{"name":"BTC/USD","market_symbol":"btcusd","base_currency":"BTC","counter_currency":"USD"}]"""
            )
            .Answers("/api/v2/ticker/", """[{"market":"btcusd","last":"64000"},{"market":"xrpusd","last":"0.5"}]""")
            .Answers(
                "/api/v2/ohlc/btcusd/",
                """
                {"data":{"pair":"BTC/USD","ohlc":[{"timestamp":"1700000040","open":"1","high":"4","low":"1","close":"2","volume":"7.5"}]}}
                """
            )
            .Api("bitstamp");
        var bitcoin = new Market("btcusd", "USD");

        Assert.That(await _bitstamp.ListAsync(api, default), Is.EqualTo([new Listing("btcusd", "BTC", "USD")]));
        Assert.That(
            await _bitstamp.PricesAsync(api, [bitcoin], default),
            Is.EqualTo([new MarketPrice(bitcoin, 64000m)])
        );
        Assert.That(
            await _bitstamp.CandlesAsync(
                api,
                new CandleRange(bitcoin, CandleInterval.Minute, Start, Start.AddMinutes(1)),
                default
            ),
            Is.EqualTo([new Candle(Start, 1, 4, 1, 2, 7.5m)])
        );
    }

    private static string BesideThis(string path, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, path);
}
