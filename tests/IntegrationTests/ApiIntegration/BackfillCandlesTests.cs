using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.IntegrationTests.Harness;
using WireMock.Server;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class BackfillCandlesTests : ProviderTest
{
    /// <summary>The last hour that has ended for the job, too, which gives late prices two minutes.</summary>
    private DateTimeOffset _hour;

    [SetUp]
    public async Task WatchBitcoin()
    {
        var ended = Now.AddMinutes(-2);
        _hour = new DateTimeOffset(ended.Year, ended.Month, ended.Day, ended.Hour, 0, 0, TimeSpan.Zero).AddHours(-1);
        await WatchAsync(Admin, "bitcoin");
    }

    [Test]
    public async Task Hours_without_a_candle_are_filled_and_what_is_there_stays()
    {
        await ImportAsync("bitcoin", "USD", "1h", $"{Rfc3339(_hour.AddHours(-1))},7,7,7,7,7");
        var kraken = await KrakenAsync(
            Row(_hour.AddHours(-2), "9", "1"),
            Row(_hour.AddHours(-1), "9", "1"),
            Row(_hour, "1", "9"),
            Row(_hour.AddHours(1), "9", "1")
        );

        await SendAsync(new BackfillCandles());
        await SendAsync(new BackfillCandles());

        var candles = await CandlesAsync("bitcoin", $"interval=1h&from={Rfc3339(_hour.AddHours(-3))}");
        Assert.That(
            candles.Select(candle => $"{candle!["time"]} {Numbers(candle)}"),
            Is.EqualTo([$"{Rfc3339(_hour.AddHours(-2))} 5 9 1 5 2", $"{Rfc3339(_hour.AddHours(-1))} 7 7 7 7 7"]),
            "a row that is no candle, and the hour under way, are left out"
        );
        Assert.That(CandleCalls(kraken), Has.Count.EqualTo(1), "what it never had is not asked for again");
    }

    [Test]
    public async Task Minutes_that_are_missing_in_an_hour_are_filled_and_what_is_there_stays()
    {
        // All but four: the first one, two in the middle, the last one.
        int[] missing = [0, 30, 31, 59];
        await ImportAsync(
            "bitcoin",
            "USD",
            "1m",
            [
                .. Enumerable
                    .Range(0, 60)
                    .Except(missing)
                    .Select(minute => $"{Rfc3339(_hour.AddMinutes(minute))},7,7,7,7,7"),
            ]
        );
        var kraken = await KrakenAsync([
            .. Enumerable
                .Range(-60, 180)
                .Where(minute => minute != 31)
                .Select(minute => Row(_hour.AddMinutes(minute), "9", "1")),
        ]);
        // What is older is there.
        await ExecuteAsync(
            "insert into api_integration.candle_backfills values ('bitcoin', 'USD', now(), 'hours', @until)",
            new { until = _hour.AddHours(1) }
        );

        await SendAsync(new BackfillCandles());
        await SendAsync(new BackfillCandles());

        var minutes = await CandlesAsync("bitcoin", "interval=1m");
        Assert.That(
            minutes.Select(candle => $"{candle!["time"]} {candle["high"]}"),
            Is.EqualTo(
                Enumerable
                    .Range(0, 60)
                    .Where(minute => minute != 31)
                    .Select(minute => $"{Rfc3339(_hour.AddMinutes(minute))} {(missing.Contains(minute) ? 9 : 7)}")
            ),
            "hours without a minute are not filled by minutes, and one that Kraken never had stays out"
        );
        Assert.That(CandleCalls(kraken).Single(), Does.Contain("interval=1&"));
    }

    [Test]
    public async Task Who_fails_is_asked_again_and_another_instead()
    {
        await ImportAsync(
            "bitcoin",
            "USD",
            "1m",
            [
                .. Enumerable
                    .Range(0, 60)
                    .Where(minute => minute != 5)
                    .Select(minute => $"{Rfc3339(_hour.AddMinutes(minute))},7,7,7,7,7"),
            ]
        );
        await ExecuteAsync(
            "insert into api_integration.candle_backfills values ('bitcoin', 'USD', now(), 'hours', @until)",
            new { until = _hour.AddHours(1) }
        );
        var kraken = await KrakenAsync();
        Answer(kraken, "/0/public/OHLC", """{"error":["EService:Busy"]}""");
        await SendAsync(new BackfillCandles());
        await SendAsync(new BackfillCandles());
        Assert.That(CandleCalls(kraken), Has.Count.EqualTo(2));

        var coinbase = await HostAsync("coinbase");
        Answer(coinbase, "/products", """[{"id":"BTC-USD","base_currency":"BTC","quote_currency":"USD"}]""");
        Answer(coinbase, "/products/BTC-USD/ticker", "{}");
        Answer(
            coinbase,
            "/products/BTC-USD/candles",
            $"[[{_hour.AddMinutes(5).ToUnixTimeSeconds()},1,9,5,5,2],[{_hour.AddMinutes(4).ToUnixTimeSeconds()},1,9,5,5,2]]"
        );
        await SendAsync(new PollPrices("coinbase"));
        // Its prices fail; its candles need not.
        await ExecuteAsync("update api_integration.provider_polls set error = null");
        await SendAsync(new BackfillCandles());
        await SendAsync(new BackfillCandles());

        Assert.That(await CandlesAsync("bitcoin", "interval=1m"), Has.Count.EqualTo(60));
        Assert.That(CandleCalls(kraken), Has.Count.EqualTo(3), "once it is filled nobody is asked");
    }

    [Test]
    public async Task Minutes_that_no_provider_reaches_back_to_are_passed_over_without_a_call()
    {
        var old = _hour.AddDays(-5);
        await ImportAsync(
            "bitcoin",
            "USD",
            "1m",
            $"{Rfc3339(old)},7,7,7,7,7",
            $"{Rfc3339(old.AddMinutes(2))},7,7,7,7,7"
        );
        await ExecuteAsync(
            "insert into api_integration.candle_backfills values ('bitcoin', 'USD', now(), 'hours', @until)",
            new { until = _hour.AddHours(1) }
        );
        var kraken = await KrakenAsync();

        await SendAsync(new BackfillCandles());

        Assert.That(CandleCalls(kraken), Is.Empty);
        Assert.That(
            await StoredAsync<DateTime>("select looked_until from candle_backfills where level = 'minutes'"),
            Is.EqualTo(old.AddHours(1).UtcDateTime)
        );
    }

    /// <summary>It lists bitcoin, and answers with these candles.</summary>
    private async Task<WireMockServer> KrakenAsync(params string[] rows)
    {
        var host = await HostAsync("kraken");
        Answer(host, "/0/public/AssetPairs", """{"error":[],"result":{"XXBTZUSD":{"base":"XXBT","quote":"ZUSD"}}}""");
        Answer(host, "/0/public/Ticker", """{"error":[],"result":{}}""");
        Answer(
            host,
            "/0/public/OHLC",
            """{"error":[],"result":{"XXBTZUSD":[@],"last":1}}""".Replace("@", string.Join(',', rows))
        );
        await SendAsync(new PollPrices("kraken"));
        return host;
    }

    private static List<string> CandleCalls(WireMockServer kraken) =>
        [
            .. kraken
                .LogEntries.Select(entry => entry.RequestMessage!)
                .Where(request => request.Path == "/0/public/OHLC")
                .Select(request => request.Url),
        ];

    private static string Row(DateTimeOffset time, string high, string low) =>
        $"""[{time.ToUnixTimeSeconds()},"5","{high}","{low}","5","5","2",1]""";
}
