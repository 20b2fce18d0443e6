using CryptoBeacon.ApiIntegration.Domain;

namespace CryptoBeacon.UnitTests.ApiIntegration;

internal sealed class RandomWalkTests
{
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

        Assert.That(walk.Zip(walk.Skip(1), (before, after) => Math.Abs(after / before - 1)), Has.All.LessThan(0.01m));
        Assert.That(walk.Distinct().Count(), Is.GreaterThan(walk.Count * 9 / 10));
    }

    [Test]
    public void A_long_walk_stays_near_its_anchor() =>
        Assert.That(Walk(seed: 2, steps: 100_000), Has.All.InRange(80m, 125m));

    private static List<decimal> Walk(int seed, int steps = 1000)
    {
        var walk = new RandomWalk(seed);
        var prices = new List<decimal> { 100 };
        for (var step = 0; step < steps; step++)
        {
            prices.Add(walk.Step(prices[^1], anchor: 100, nervousness: 1));
        }

        return prices;
    }
}
