using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.UnitTests.Domain;

internal sealed class CandleIntervalTests
{
    [Test]
    public void Each_interval_divides_the_longer_ones_and_the_day() =>
        Assert.That(
            CandleInterval.All.SelectMany(interval =>
                CandleInterval
                    .All.Where(longer => longer.Length > interval.Length)
                    .Select(longer => longer.Length.Ticks % interval.Length.Ticks)
            ),
            Has.All.Zero
        );

    [TestCase("1m", "2024-03-01T12:34:00Z", true)]
    [TestCase("1m", "2024-03-01T12:34:01Z", false)]
    [TestCase("4h", "2024-03-01T12:00:00Z", true)]
    [TestCase("4h", "2024-03-01T10:00:00Z", false)]
    [TestCase("4h", "2024-03-01T10:00:00-02:00", true)]
    [TestCase("1d", "2024-03-01T00:00:00Z", true)]
    [TestCase("1d", "2024-03-01T00:00:00+01:00", false)]
    public void Candles_open_on_the_grid_of_UTC(string interval, string time, bool isAligned) =>
        Assert.That(CandleInterval.Find(interval)!.IsAligned(DateTimeOffset.Parse(time, null)), Is.EqualTo(isAligned));

    [TestCase("2024-03-01T12:00:00Z", "2024-03-01T12:00:00Z")]
    [TestCase("2024-03-01T12:00:00.000001Z", "2024-03-01T13:00:00Z")]
    public void A_range_begins_with_the_first_candle_that_opens_in_it(string from, string first) =>
        Assert.That(
            CandleInterval.Find("1h")!.NextStart(DateTimeOffset.Parse(from, null)),
            Is.EqualTo(DateTimeOffset.Parse(first, null))
        );
}
