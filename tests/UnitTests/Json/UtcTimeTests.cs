using System.Text;
using CryptoBeacon.Application.Json;

namespace CryptoBeacon.UnitTests.Json;

internal sealed class UtcTimeTests
{
    [TestCase("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z")]
    [TestCase("2026-01-31t12:00:00z", "2026-01-31T12:00:00Z")]
    [TestCase("2026-01-31 12:00:00Z", "2026-01-31T12:00:00Z")]
    [TestCase("2026-01-31T14:00:00+02:00", "2026-01-31T12:00:00Z")]
    [TestCase("2026-01-31T23:30:00-05:30", "2026-02-01T05:00:00Z")]
    [TestCase("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.5Z")]
    [TestCase("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123456Z")]
    [TestCase("2026-01-31T12:00:00.1234567890123Z", "2026-01-31T12:00:00.123456Z")]
    [TestCase("2026-01-31T12:00:00.100000Z", "2026-01-31T12:00:00.1Z")]
    [TestCase("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [TestCase("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public void Any_offset_in_utc_out(string text, string expected)
    {
        Assert.That(UtcTime.TryParse(text, out var time), Is.True);
        Assert.That(UtcTime.Format(time), Is.EqualTo(expected));
        var utf8 = new byte[32];
        Assert.That(Encoding.UTF8.GetString(utf8, 0, UtcTime.Format(time, utf8)), Is.EqualTo(expected));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("now")]
    [TestCase("2026-01-31")]
    [TestCase("2026-01-31T12:00:00")]
    [TestCase("2026-02-30T12:00:00Z")]
    [TestCase("2026-01-31T24:01:00Z")]
    [TestCase("2026-01-31T12:60:00Z")]
    [TestCase("2026-01-31T12:00:00.Z")]
    [TestCase("2026-01-31T12:00Z")]
    [TestCase("2026-01-31T12:00:00+99:00")]
    [TestCase("2026-01-31T12:00:00Z\n")]
    [TestCase(" 2026-01-31T12:00:00Z")]
    [TestCase("31/01/2026 12:00:00Z")]
    [TestCase("0001-01-01T00:00:00+14:00")]
    [TestCase("٢٠٢٦-01-31T12:00:00Z")]
    public void What_is_no_instant_is_refused(string? text) => Assert.That(UtcTime.TryParse(text, out _), Is.False);

    [FsCheck.NUnit.Property]
    public bool What_goes_out_comes_back(DateTimeOffset time) =>
        UtcTime.TryParse(UtcTime.Format(time), out var back)
        && back == UtcTime.CutToMicroseconds(time)
        && back.Offset == TimeSpan.Zero;
}
