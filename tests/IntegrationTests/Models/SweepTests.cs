using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Models;

/// <summary>Sweeps over HTTP: the best of a grid, in-sample and out-of-sample.</summary>
internal sealed class SweepTests : ModelTest
{
    [Test]
    public async Task The_best_of_a_grid_comes_with_its_neighbours_and_what_it_did_out_of_sample()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync();

        var accepted = (
            await User.PostAsync(
                $"/models/{model}/sweeps",
                new
                {
                    startDate = Start,
                    endDate = Start.AddDays(200),
                    assets = new[] { "bitcoin" },
                    metric = "totalReturn",
                    walkForwardWindows = 2,
                    grid = new
                    {
                        fast = new[] { 2, 3, 4 },
                        slow = new
                        {
                            from = 4,
                            to = 12,
                            step = 4,
                        },
                    },
                }
            )
        ).ShouldBe(202);
        var done = await DoneAsync(accepted.Location!);

        Assert.That(done["status"], Is.EqualTo("succeeded"), done.ToString());
        var results = done.Json["results"]!;
        Assert.That(results["configurations"]!.GetValue<int>() + results["leftOut"]!.GetValue<int>(), Is.EqualTo(9));
        Assert.That(results["neighbours"]!.AsArray(), Has.Count.InRange(1, 4));
        Assert.That(results["walkForward"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(results["walkForward"]![0]!["outOfSample"]!["totalReturn"], Is.Not.Null);
        var best = results["best"]!;
        (await User.PatchAsync($"/models/{model}", new { configuration = best["values"]!.DeepClone() })).ShouldBe(200);
        var same = await BacktestAsync(
            model,
            new
            {
                startDate = Start,
                endDate = Start.AddDays(200),
                assets = new[] { "bitcoin" },
            }
        );
        Assert.That(
            same.Json["performanceMetrics"]!["totalReturn"]!.ToString(),
            Is.EqualTo(best["metrics"]!["totalReturn"]!.ToString())
        );
        (await (await SignUpAsync()).GetAsync(accepted.Location!)).ShouldBe(404);
        (await User.DeleteAsync(accepted.Location!)).ShouldBe(204);
        (await User.GetAsync(accepted.Location!)).ShouldBe(404);
    }

    [TestCase("""{"speed":[1,2]}""", "grid.speed")]
    [TestCase("""{"fast":[]}""", "grid.fast")]
    [TestCase("""{"fast":{"from":1,"to":5}}""", "grid.fast")]
    [TestCase("""{}""", "grid")]
    [TestCase("""{"fast":{"from":1,"to":200,"step":1},"slow":{"from":1,"to":200,"step":1}}""", "grid")]
    public async Task A_grid_that_is_none_is_refused_by_its_name(string grid, string field)
    {
        await ImportSwingsAsync(days: 30);
        var model = await ModelAsync();

        (
            await User.PostAsync(
                $"/models/{model}/sweeps",
                $$"""{"startDate":"2024-01-01T00:00:00Z","endDate":"2024-01-20T00:00:00Z","assets":["bitcoin"],"grid":{{grid}}}"""
            )
        ).ShouldNameField(field);
    }
}
