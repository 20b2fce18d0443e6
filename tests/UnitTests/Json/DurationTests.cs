using CryptoBeacon.Application.Json;

namespace CryptoBeacon.UnitTests.Json;

internal sealed class DurationTests
{
    [TestCase("PT1M", 60)]
    [TestCase("PT1S", 1)]
    [TestCase("P1D", 86400)]
    [TestCase("P1DT2H3M4S", 93784)]
    [TestCase("PT36H", 129600)]
    public void Days_hours_minutes_and_seconds_are_read(string text, int seconds)
    {
        Assert.That(Duration.TryParse(text, out var duration), Is.True);
        Assert.That(duration, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("P")]
    [TestCase("PT")]
    [TestCase("P1DT")]
    [TestCase("P1M")]
    [TestCase("P1Y")]
    [TestCase("-PT1M")]
    [TestCase("PT1.5S")]
    [TestCase("00:01:00")]
    [TestCase("PT1M\n")]
    [TestCase("PT999999999S")]
    public void Anything_else_is_none(string? text) => Assert.That(Duration.TryParse(text, out _), Is.False);

    [TestCase(60, "PT1M")]
    [TestCase(86400, "P1D")]
    [TestCase(5400, "PT1H30M")]
    public void It_is_written_as_short_as_can_be(int seconds, string text) =>
        Assert.That(Duration.Format(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));
}
