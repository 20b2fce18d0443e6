using System.Globalization;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Models;

/// <summary>Back-tests over HTTP: asked for, followed, read, compared, cancelled, removed.</summary>
internal sealed class BacktestTests : ModelTest
{
    [Test]
    public async Task It_is_accepted_and_its_resource_tells_what_came_of_it()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync();

        var accepted = (await User.PostAsync($"/models/{model}/backtests", Run())).ShouldBe(202);
        Assert.That(accepted.Location, Is.EqualTo($"/api/v1/backtests/{accepted["id"]}"));
        Assert.That(
            (accepted["status"], accepted["progress"], accepted["results"], accepted["performanceMetrics"]),
            Is.EqualTo(("queued", "0", (string?)null, (string?)null))
        );
        var done = await DoneAsync(accepted.Location!);

        Assert.That((done["status"], done["progress"]), Is.EqualTo(("succeeded", "1")), done.ToString());
        var (results, metrics) = (done.Json["results"]!, done.Json["performanceMetrics"]!);
        Assert.That(results["equity"]!.AsArray(), Has.Count.EqualTo(200));
        Assert.That(results["equity"]![0]!["time"]!.ToString(), Is.EqualTo("2024-01-01T00:00:00Z"));
        Assert.That(results["equity"]![199]!["value"]!.ToString(), Is.EqualTo(metrics["finalEquity"]!.ToString()));
        Assert.That($"{results["trades"]!.AsArray().Count}", Is.EqualTo(metrics["trades"]!.ToString()));
        Assert.That(results["trades"]!.AsArray(), Has.Count.GreaterThan(3));
        Assert.That(results["monthlyReturns"]!.AsArray(), Has.Count.EqualTo(7));
        Assert.That(results["skippedBars"]!.AsArray(), Is.Empty);
        Assert.That(done.Json["reproducibility"]!["dataChanged"]!.GetValue<bool>(), Is.False);
        Assert.That(done.Json["reproducibility"]!["hash"]!.ToString(), Does.Match("^[0-9a-f]{64}$"));
        Assert.That(
            results["equity"]!.AsArray().Select(point => Digits(point!["drawdown"]!.ToString())),
            Is.All.LessThanOrEqualTo(12)
        );
        var shown = (await User.GetAsync($"/models/{model}")).ShouldBe(200);
        Assert.That(shown.Json["performance"]!["sharpe"]!.ToString(), Is.EqualTo(metrics["sharpe"]!.ToString()));
    }

    [Test]
    public async Task Beyond_a_risk_free_rate_less_is_earned()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync();
        var plain = await BacktestAsync(model);

        var beyond = await BacktestAsync(
            model,
            new
            {
                startDate = Start,
                endDate = Start.AddDays(200),
                assets = new[] { "bitcoin" },
                feeRate = "0.001",
                riskFreeRate = "0.05",
            }
        );

        Assert.That((plain["riskFreeRate"], beyond["riskFreeRate"]), Is.EqualTo(("0", "0.05")));
        Assert.That(Metric(beyond, "totalReturn"), Is.EqualTo(Metric(plain, "totalReturn")));
        Assert.That(Metric(beyond, "sharpe"), Is.LessThan(Metric(plain, "sharpe")));
        Assert.That(Metric(beyond, "sortino"), Is.LessThan(Metric(plain, "sortino")));

        static decimal Metric(ApiResponse run, string name) =>
            decimal.Parse(run.Json["performanceMetrics"]![name]!.ToString(), CultureInfo.InvariantCulture);
    }

    [Test]
    public async Task The_same_again_gives_the_same_and_other_candles_are_noticed()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync();
        var version = (await User.GetAsync($"/models/{model}")).ETag;
        var first = await BacktestAsync(model);
        var second = await BacktestAsync(model);

        Assert.That(second.Json["results"]!.ToJsonString(), Is.EqualTo(first.Json["results"]!.ToJsonString()));
        Assert.That(
            second.Json["reproducibility"]!.ToJsonString(),
            Is.EqualTo(first.Json["reproducibility"]!.ToJsonString())
        );
        Assert.That(
            (await User.GetAsync($"/models/{model}")).ETag,
            Is.EqualTo(version),
            "a back-test is no change of the model"
        );
        (await ImportAsync("bitcoin", "USD", "1d", "2024-03-01T00:00:00Z,90,95,85,91,1")).ShouldBe(200);
        var changed = (await User.GetAsync($"/backtests/{first["id"]}")).ShouldBe(200);
        Assert.That(changed.Json["reproducibility"]!["dataChanged"]!.GetValue<bool>(), Is.True);
    }

    [Test]
    public async Task What_can_t_be_run_is_refused_at_once()
    {
        await ImportSwingsAsync(days: 30);
        var model = await ModelAsync();

        (await User.PostAsync($"/models/{model}/backtests", Run(30, "bitcoin", "dogecoin"))).ShouldNameField(
            "assets[1]"
        );
        (await User.PostAsync($"/models/{model}/backtests", Run(-3))).ShouldNameField("endDate");
        (
            await User.PostAsync(
                $"/models/{model}/backtests",
                new
                {
                    startDate = Start,
                    endDate = Start.AddDays(10),
                    assets = new[] { "bitcoin" },
                    feeRate = "1",
                    interval = "2h",
                }
            )
        ).ShouldNameField("feeRate").ShouldNameField("interval");
        var weighted = await ModelAsync(
            new
            {
                strategy = "rebalance",
                everyBars = 5,
                weights = new { bitcoin = 0.5, solana = 0.5 },
            }
        );
        (await User.PostAsync($"/models/{weighted}/backtests", Run(30))).ShouldNameField("assets");
        var foreign = await ModelAsync(of: await SignUpAsync());
        (
            await User.PostAsync(
                "/models",
                new
                {
                    name = "Follower",
                    configuration = new
                    {
                        strategy = "rules",
                        forecastModel = foreign,
                        entry = new { gt = new object[] { "forecast", 0 } },
                    },
                }
            )
        ).ShouldNameField("configuration.forecastModel");
        var greedy = await ModelAsync(
            new
            {
                strategy = "rules",
                entry = new
                {
                    any = Enumerable.Range(2, 60).Select(length => new { gt = new[] { "close", $"bb({length},2)" } }),
                },
            }
        );
        (
            await User.PostAsync(
                $"/models/{greedy}/backtests",
                new
                {
                    startDate = Start,
                    endDate = Start.AddDays(365),
                    assets = new[] { "bitcoin" },
                    interval = "1m",
                }
            )
        ).ShouldNameField("interval");
        (await User.PatchAsync($"/models/{model}", new { isActive = false })).ShouldBe(200);
        (await User.PostAsync($"/models/{model}/backtests", Run(30))).ShouldRefuse(409, "inactive");
        Assert.That(await StoredAsync<long>("select count(*) from models.model_backtests"), Is.EqualTo(0));
    }

    [Test]
    public async Task So_many_wait_or_run_at_a_time_and_each_can_be_cancelled()
    {
        await ImportSwingsAsync(days: 30);
        var model = await ModelAsync();
        await using var held = await HeldRuns.StartAsync();
        var waiting = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            waiting.Add((await User.PostAsync($"/models/{model}/backtests", Run(30))).ShouldBe(202).Location!);
        }

        (await User.PostAsync($"/models/{model}/backtests", Run(30))).ShouldRefuse(429, "too_many_runs");
        (await User.DeleteAsync(waiting[0])).ShouldBe(204);
        var cancelled = (await User.GetAsync(waiting[0])).ShouldBe(200);
        Assert.That((cancelled["status"], cancelled["results"]), Is.EqualTo(("cancelled", (string?)null)));
        (await User.PostAsync($"/models/{model}/backtests", Run(30))).ShouldBe(202);

        (await User.DeleteAsync(waiting[0])).ShouldBe(204);
        (await User.GetAsync(waiting[0])).ShouldBe(404);
    }

    [Test]
    public async Task Trades_come_as_csv_and_two_back_tests_side_by_side()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync();
        var first = await BacktestAsync(model);
        (await User.PatchAsync($"/models/{model}", new { configuration = new { slow = 20 } })).ShouldBe(200);
        var second = await BacktestAsync(model);

        var csv = (await User.GetAsync($"/backtests/{first["id"]}/trades.csv")).ShouldBe(200);
        var compared = (await User.GetAsync($"/backtests/compare?ids={second["id"]},{first["id"]}")).ShouldBe(200);
        (await User.GetAsync($"/backtests/compare?ids={second["id"]}&ids={first["id"]}")).ShouldBe(200);

        var lines = csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(csv.MediaType, Is.EqualTo("text/csv"));
        Assert.That(lines[0], Does.StartWith("coinId,side,entryTime"));
        Assert.That(lines, Has.Length.EqualTo(first.Json["results"]!["trades"]!.AsArray().Count + 1));
        Assert.That(
            compared.Items.Select(item => item!["configuration"]!["slow"]!.GetValue<int>()),
            Is.EqualTo(new[] { 20, 8 })
        );
        var returns = compared.Json["metrics"]!.AsArray().Single(m => m!["name"]!.ToString() == "totalReturn")!;
        Assert.That(
            returns["values"]!.AsArray().Select(value => value!.ToString()),
            Is.EqualTo(new[] { Metric(second, "totalReturn"), Metric(first, "totalReturn") })
        );
        (await User.GetAsync($"/backtests/compare?ids={Guid.CreateVersion7()}")).ShouldBe(404);
        (await User.GetAsync("/backtests/compare?ids=one")).ShouldNameField("ids");
        Assert.That((await User.GetAsync($"/models/{model}/backtests?limit=1")).Items.Single()!["results"], Is.Null);
    }

    [Test]
    public async Task Removing_the_newest_shows_the_one_before_it_and_others_see_none()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync();
        var first = await BacktestAsync(model, Run(100));
        var second = await BacktestAsync(model);
        var other = await SignUpAsync();

        foreach (var path in new[] { "", "/report", "/trades.csv" })
        {
            (await other.GetAsync($"/backtests/{second["id"]}{path}")).ShouldBe(404);
        }

        (await other.DeleteAsync($"/backtests/{second["id"]}")).ShouldBe(404);
        (await other.GetAsync($"/backtests/compare?ids={second["id"]}")).ShouldBe(404);
        (await User.DeleteAsync($"/backtests/{second["id"]}", null, ("If-Match", "\"1\""))).ShouldBe(412);
        (await User.DeleteAsync($"/backtests/{second["id"]}", null, ("If-Match", second.ETag!))).ShouldBe(204);
        Assert.That(
            (await User.GetAsync($"/models/{model}")).Json["performance"]!["finalEquity"]!.ToString(),
            Is.EqualTo(Metric(first, "finalEquity"))
        );
    }

    [Test]
    public async Task The_report_is_one_page_that_needs_nothing_else_and_shows_what_was_typed_as_text()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync();
        (await User.PatchAsync($"/models/{model}", new { name = "<script>alert(1)</script>" })).ShouldBe(200);
        var done = await BacktestAsync(model);

        using var answer = await User.OpenAsync($"/backtests/{done["id"]}/report", CancellationToken.None);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.That(answer.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(
            answer.Headers.GetValues("Content-Security-Policy").Single(),
            Does.Contain("default-src 'none'").And.Contain("style-src 'unsafe-inline'").And.Not.Contain("script")
        );
        Assert.That(page, Does.StartWith("<!doctype html>").And.Contain("<svg").And.Contain("&lt;script&gt;"));
        Assert.That(page, Does.Contain("<title>Back-test of &lt;script&gt;").And.Contain("<style>:root {"));
        Assert.That(page, Does.Not.Contain("<script").And.Not.Contain("http").And.Not.Contain("url("));
    }

    [Test]
    public async Task Whoever_is_deactivated_has_nothing_run_any_more_and_who_is_erased_leaves_nothing()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync();
        var done = await BacktestAsync(model);
        await using var held = await HeldRuns.StartAsync();
        var waiting = (await User.PostAsync($"/models/{model}/backtests", Run())).ShouldBe(202);
        var id = (await User.GetAsync("/me")).ShouldBe(200)["id"]!;

        var export = (await User.GetAsync("/me/export")).ShouldBe(200).Json["models"]!;
        (await Admin.PatchAsync($"/admin/users/{id}", new { isActive = false })).ShouldBe(200);
        var status = await StoredAsync<string>(
            "select status from models.model_backtests where id = $1",
            Guid.Parse(waiting["id"]!)
        );
        (await Admin.PatchAsync($"/admin/users/{id}", new { isActive = true })).ShouldBe(200);
        var again = await ApiUser.SignInAsync(TestRun.Server.Client, User.Email, User.Password);
        (await again.DeleteAsync("/me", new { password = User.Password })).ShouldBe(204);

        Assert.That(export["tradingModels"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That(export["modelBacktests"]!.AsArray(), Has.Count.EqualTo(2));
        Assert.That(
            export["modelBacktests"]!
                .AsArray()
                .Select(backtest => backtest!["reproducibility"]?["dataHash"]?.ToString()),
            Has.Some.EqualTo(done.Json["reproducibility"]!["dataHash"]!.ToString())
        );
        Assert.That(status, Is.EqualTo("cancelled"));
        Assert.That(await StoredAsync<long>("select count(*) from models.trading_models"), Is.EqualTo(0));
        Assert.That(await StoredAsync<long>("select count(*) from models.model_backtests"), Is.EqualTo(0));
    }

    private static int Digits(string number) => number.Replace(".", "").TrimStart('-', '0').Length;

    private static string Metric(ApiResponse backtest, string name) =>
        backtest.Json["performanceMetrics"]![name]!.ToString();
}
