using CryptoBeacon.ApiIntegration.Features;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class BackfillCandlesTests : ProviderTest
{
    [Test]
    public async Task Hours_without_a_candle_are_filled_and_what_is_there_stays()
    {
        (
            await Admin.PostAsync(
                "/alerts",
                new
                {
                    coinId = "bitcoin",
                    condition = "above",
                    price = "1000000",
                }
            )
        ).ShouldBe(201);
        var hour = new DateTimeOffset(Now.Year, Now.Month, Now.Day, Now.Hour, 0, 0, TimeSpan.Zero);
        await ImportAsync("bitcoin", "USD", "1h", $"{Rfc3339(hour.AddHours(-2))},7,7,7,7,7");
        var host = await HostAsync("kraken");
        Answer(host, "/0/public/AssetPairs", """{"error":[],"result":{"XXBTZUSD":{"base":"XXBT","quote":"ZUSD"}}}""");
        Answer(host, "/0/public/Ticker", """{"error":[],"result":{}}""");
        Answer(
            host,
            "/0/public/OHLC",
            $$$"""
            {"error":[],"result":{"XXBTZUSD":[{{{Row(hour.AddHours(-3), "9", "1")}}},{{{Row(
                hour.AddHours(-2),
                "9",
                "1"
            )}}},
                {{{Row(hour.AddHours(-1), "1", "9")}}},{{{Row(hour, "9", "1")}}}],"last":1}}
            """
        );
        await SendAsync(new PollPrices("kraken"));

        await SendAsync(new BackfillCandles());
        await SendAsync(new BackfillCandles());

        var candles = await CandlesAsync("bitcoin", $"interval=1h&from={Rfc3339(hour.AddHours(-4))}");
        Assert.That(
            candles.Select(candle => $"{candle!["time"]} {Numbers(candle)}"),
            Is.EqualTo([$"{Rfc3339(hour.AddHours(-3))} 5 9 1 5 2", $"{Rfc3339(hour.AddHours(-2))} 7 7 7 7 7"]),
            "a row that is no candle, and the hour under way, are left out"
        );
        Assert.That(
            host.LogEntries.Count(entry => entry.RequestMessage!.Path == "/0/public/OHLC"),
            Is.EqualTo(2),
            "one call a run"
        );
    }

    private static string Row(DateTimeOffset time, string high, string low) =>
        $"""[{time.ToUnixTimeSeconds()},"5","{high}","{low}","5","5","2",1]""";
}
