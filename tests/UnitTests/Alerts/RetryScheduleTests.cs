using CryptoBeacon.Alerts.Delivery;

namespace CryptoBeacon.UnitTests.Alerts;

internal sealed class RetryScheduleTests
{
    [Test]
    public void Waits_grow_from_five_seconds_to_a_day_and_end() =>
        Assert.That(
            Enumerable.Range(0, 10).Select(retries => RetrySchedule.After(retries, null, 0)?.TotalSeconds),
            Is.EqualTo(new double?[] { 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, null })
        );

    [Test]
    public void Chance_adds_up_to_a_fifth() =>
        Assert.That(RetrySchedule.After(0, null, 1), Is.EqualTo(TimeSpan.FromSeconds(6)));

    [TestCase(1, 5)]
    [TestCase(60, 60)]
    [TestCase(1_000_000, 86400)]
    public void What_the_receiver_asks_for_counts_where_it_is_longer_up_to_a_day(int asked, int waits) =>
        Assert.That(RetrySchedule.After(0, TimeSpan.FromSeconds(asked), 0), Is.EqualTo(TimeSpan.FromSeconds(waits)));
}
