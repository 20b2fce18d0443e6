using System.Collections.Concurrent;
using CryptoBeacon.Domain;
using Microsoft.Extensions.Time.Testing;

namespace CryptoBeacon.UnitTests.Domain;

internal sealed class UuidTests
{
    [Test]
    public void An_id_is_of_version_7_and_tells_its_time()
    {
        // Ids never go back in time within a process, so this one lies ahead of all others.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddYears(1));
        var id = Uuid.New(clock);

        Assert.That(id.Version, Is.EqualTo(7));
        Assert.That(id.Variant & 0b1100, Is.EqualTo(0b1000));
        var bytes = id.ToByteArray(bigEndian: true);
        var milliseconds = bytes[..6].Aggregate(0L, (time, next) => (time << 8) | next);
        Assert.That(milliseconds, Is.EqualTo(clock.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    [Test]
    public void Ids_ascend_within_a_millisecond_and_when_the_clock_goes_back()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddYears(2))
        {
            AutoAdvanceAmount = TimeSpan.Zero,
        };
        var ids = Enumerable.Range(0, 10_000).Select(_ => Uuid.New(clock)).ToList();
        ids.Add(Uuid.New(TimeProvider.System));

        Assert.That(
            ids.Select(id => id.ToString()),
            Is.Ordered.Ascending.Using((IComparer<string>)StringComparer.Ordinal).And.Unique
        );
    }

    [Test]
    public void Threads_never_make_the_same_id()
    {
        var ids = new ConcurrentBag<Guid>();
        Parallel.For(0, 20_000, _ => ids.Add(Uuid.New()));

        // The first 64 bits alone: time and counter, without the random part.
        Assert.That(ids.Select(id => id.ToString()[..18]).Distinct().Count(), Is.EqualTo(ids.Count));
    }
}
