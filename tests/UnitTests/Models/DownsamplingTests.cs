using CryptoBeacon.Models.Reports;

namespace CryptoBeacon.UnitTests.Models;

internal sealed class DownsamplingTests
{
    [Test]
    public void No_peak_is_lost_and_order_is_kept()
    {
        var points = Enumerable
            .Range(0, 100_000)
            .Select(i => new Point(
                i,
                i is 31_415 ? 1000
                    : i is 27_182 ? -1000
                    : Math.Sin(i / 100.0)
            ))
            .ToList();

        var kept = Downsampling.ToColumns(points, 400);

        Assert.That(kept, Has.Count.LessThanOrEqualTo(1600).And.Count.GreaterThan(400));
        Assert.That(
            kept,
            Has.Member(points[31_415]).And.Member(points[27_182]).And.Member(points[0]).And.Member(points[^1])
        );
        Assert.That(kept.Select(point => point.Time), Is.Ordered.Ascending);
    }
}
