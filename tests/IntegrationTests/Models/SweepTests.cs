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

    [Test]
    public async Task A_sweep_that_runs_is_cancelled_and_makes_room_for_the_next_run()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync();
        var location = (
            await User.PostAsync(
                $"/models/{model}/sweeps",
                new
                {
                    startDate = Start,
                    endDate = Start.AddDays(200),
                    assets = new[] { "bitcoin" },
                    walkForwardWindows = 50,
                    grid = new
                    {
                        fast = new
                        {
                            from = 1,
                            to = 100,
                            step = 1,
                        },
                        slow = new
                        {
                            from = 101,
                            to = 200,
                            step = 1,
                        },
                    },
                }
            )
        ).ShouldBe(202).Location!;
        await EventuallyAsync(() => User.GetAsync(location), sweep => sweep["status"] == "running");

        (await User.DeleteAsync(location)).ShouldBe(204);

        var cancelled = (await User.GetAsync(location)).ShouldBe(200);
        Assert.That((cancelled["status"], cancelled["results"]), Is.EqualTo(("cancelled", (string?)null)));
        Assert.That((await BacktestAsync(model))["status"], Is.EqualTo("succeeded"));
        Assert.That((await User.GetAsync(location))["status"], Is.EqualTo("cancelled"));
    }

    [Test]
    public async Task A_random_search_draws_the_same_points_by_its_seed()
    {
        await ImportSwingsAsync(days: 60);
        var model = await ModelAsync();

        var (one, two, other) = (await DrawnAsync(5), await DrawnAsync(5), await DrawnAsync(6));

        Assert.That(one, Is.Unique.And.Length.EqualTo(12));
        Assert.That(two, Is.EqualTo(one));
        Assert.That(other, Is.Not.EqualTo(one));

        async Task<string[]> DrawnAsync(int seed)
        {
            var done = await DoneAsync((
                    await User.PostAsync(
                        $"/models/{model}/sweeps",
                        $$"""
                        {"startDate":"2024-01-01T00:00:00Z","endDate":"2024-02-20T00:00:00Z","assets":["bitcoin"],"samples":12,"seed":{{seed}},
                         "grid":{"fast":{"from":1,"to":300,"step":1},"slow":{"from":301,"to":900,"step":1} } }
                        """
                    )
                ).ShouldBe(202).Location!);
            Assert.That(done.Json["reproducibility"]!["seed"]!.GetValue<int>(), Is.EqualTo(seed), done.Text);
            return
            [
                .. done.Json["results"]!["top"]!.AsArray().Select(tried => tried!["values"]!.ToJsonString()).Order(),
            ];
        }
    }

    [TestCase("""{"speed":[1,2]}""", "grid.speed")]
    [TestCase("""{"fast":[]}""", "grid.fast")]
    [TestCase("""{"fast":{"from":1,"to":5}}""", "grid.fast")]
    [TestCase("""{}""", "grid")]
    [TestCase("""{"/fast/0":[1,2]}""", "grid./fast/0")]
    [TestCase("""{"fast":[2,{}]}""", "grid.fast")]
    [TestCase("""{"fast":[2,0]}""", "grid.fast[1]")]
    [TestCase("""{"fast":[8,9],"slow":[8,7]}""", "grid")]
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
