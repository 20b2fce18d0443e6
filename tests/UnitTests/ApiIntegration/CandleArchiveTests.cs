using CryptoBeacon.ApiIntegration.Persistence;
using CryptoBeacon.Application.Contracts.ApiIntegration;

namespace CryptoBeacon.UnitTests.ApiIntegration;

internal sealed class CandleArchiveTests
{
    [Test]
    public void Candles_that_PostgreSQL_gives_in_no_order_are_put_in_theirs()
    {
        var candles = CandleArchive.InOrder(
            new CandleColumns([3, 1, 2], [30, 10, 20], [33, 11, 22], [27, 9, 18], [31, 12, 21], [300, 100, 200])
        );

        Assert.That(candles.OpenTimes, Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(candles.Open, Is.EqualTo(new[] { 10, 20, 30 }));
        Assert.That(candles.High, Is.EqualTo(new[] { 11, 22, 33 }));
        Assert.That(candles.Low, Is.EqualTo(new[] { 9, 18, 27 }));
        Assert.That(candles.Close, Is.EqualTo(new[] { 12, 21, 31 }));
        Assert.That(candles.Volume, Is.EqualTo(new[] { 100, 200, 300 }));
    }
}
