using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CryptoBeacon.IntegrationTests.Trading;

internal sealed class ImportSpeedTests : TradingTest
{
    [Test]
    public async Task A_hundred_thousand_trades_take_seconds()
    {
        var csv = new StringBuilder(
            "timestamp,coinId,type,quantity,price,currency,fee,feeCurrency,exchange,externalId\n"
        );
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < 100_000; i++)
        {
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{start.AddSeconds(i):yyyy-MM-dd'T'HH:mm:ss'Z'},{(i % 2 == 0 ? "bitcoin" : "ethereum")},{(i % 3 == 2 ? "sell" : "buy")},0.{i % 999 + 1:0000},{100 + (i % 77)}.5,USD,0.01,USD,binance,{i}\n"
            );
        }

        var clock = Stopwatch.StartNew();
        var report = (await ImportAsync(csv.ToString())).ShouldBe(200);

        TestContext.Out.WriteLine($"imported in {clock.ElapsedMilliseconds} ms");
        Assert.That(report["imported"], Is.EqualTo("100000"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)));
    }
}
