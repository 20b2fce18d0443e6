using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.UnitTests.ApiIntegration;

internal sealed class RandomWalkTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void The_same_seed_walks_the_same_way()
    {
        var (first, again, other) = (Walk(seed: 7), Walk(seed: 7), Walk(seed: 8));

        Assert.That(again, Is.EqualTo(first).And.Not.EqualTo(other));
    }

    [Test]
    public void Every_step_moves_a_little()
    {
        var walk = Walk(seed: 1);

        var steps = walk.Zip(walk.Skip(1), (before, after) => Math.Abs(after / before - 1)).ToList();

        Assert.That(steps, Has.All.LessThan(0.01m));
        Assert.That(steps.Count(step => step > 0), Is.GreaterThan(steps.Count * 9 / 10));
    }

    [Test]
    public void A_long_walk_goes_up_and_down_and_stays_near_its_anchor()
    {
        var walk = Walk(seed: 2, steps: 50_000, TimeSpan.FromHours(1));

        Assert.That(walk, Has.All.InRange(70m, 140m));
        Assert.That(walk.Max() - walk.Min(), Is.GreaterThan(20m));
    }

    private static List<decimal> Walk(int seed, int steps = 1000, TimeSpan? apart = null) =>
        [
            .. Enumerable
                .Range(0, steps)
                .Select(step =>
                    RandomWalk.PriceAt(
                        seed,
                        anchor: 100,
                        nervousness: 1,
                        Start + (step * (apart ?? TimeSpan.FromSeconds(10)))
                    )
                ),
        ];
}
