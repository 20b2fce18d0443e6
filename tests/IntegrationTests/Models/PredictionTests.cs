using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Models;

/// <summary>Prediction models over HTTP: trained by a back-test, measured against naive forecasts, asked for the next bar.</summary>
internal sealed class PredictionTests : ModelTest
{
    private static readonly object FastTree = new
    {
        strategy = "fast_tree",
        target = "return",
        minimumBars = 60,
        retrainEvery = 40,
        trees = 20,
        minimumLeafBars = 5,
    };

    [Test]
    public async Task It_learns_walking_forward_is_held_against_naive_forecasts_and_forecasts_the_next_bar()
    {
        await ImportSwingsAsync();
        var model = await ModelAsync(FastTree, "prediction");
        (await User.GetAsync($"/models/{model}/forecast")).ShouldRefuse(409, "not_trained");

        var first = await BacktestAsync(model);
        var second = await BacktestAsync(model);

        Assert.That(first["status"], Is.EqualTo("succeeded"), first.ToString());
        Assert.That(second.Json["results"]!.ToJsonString(), Is.EqualTo(first.Json["results"]!.ToJsonString()));
        var metrics = first.Json["performanceMetrics"]!;
        // Of 200 bars 14 warm up, 60 are learnt from, and the last has no next one.
        Assert.That(first.Json["results"]!["forecasts"]!.AsArray(), Has.Count.EqualTo(125));
        Assert.That(first.Json["results"]!["calibration"]!.AsArray(), Has.Count.EqualTo(10));
        Assert.That(metrics["naive"]!["noChange"]!["rmse"], Is.Not.Null);
        Assert.That(metrics["naive"]!["sameAsLast"]!["mae"], Is.Not.Null);
        // A swing is no secret to trees that see the last returns.
        Assert.That(metrics["beatsNaive"]!.GetValue<bool>(), Is.True, metrics.ToJsonString());
        (await User.GetAsync($"/backtests/{first["id"]}/report")).ShouldBe(200);
        Assert.That(
            await StoredAsync<int>("select bars from models.trained_models where coin_id = $1", "bitcoin"),
            Is.GreaterThan(150)
        );
        // Candles end long ago: the forecast is of the bar after them and says so.
        var forecast = (await User.GetAsync($"/models/{model}/forecast")).ShouldBe(200);
        Assert.That(forecast["basedOn"], Is.EqualTo(Rfc3339(Start.AddDays(199))));
        Assert.That(forecast["time"], Is.EqualTo(Rfc3339(Start.AddDays(200))));
    }

    [Test]
    public async Task Its_forecast_is_of_the_bar_after_the_newest_and_feeds_rules()
    {
        var today = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero);
        await ImportSwingsAsync(days: (int)(today - Start).TotalDays);
        var model = await ModelAsync(FastTree, "prediction");
        var run = new
        {
            startDate = today.AddDays(-200),
            endDate = today,
            assets = new[] { "bitcoin" },
        };
        await BacktestAsync(model, run);

        var forecast = (await User.GetAsync($"/models/{model}/forecast?coinId=bitcoin")).ShouldBe(200);

        Assert.That(forecast["time"], Is.EqualTo(Rfc3339(today)));
        Assert.That(forecast["basedOn"], Is.EqualTo(Rfc3339(today.AddDays(-1))));
        Assert.That((forecast["target"], forecast["isOutdated"]), Is.EqualTo(("return", "false")));
        Assert.That(forecast["direction"], Is.AnyOf("up", "down"));

        var rules = await ModelAsync(
            new
            {
                strategy = "rules",
                forecastModel = model,
                entry = new { gt = new object[] { "forecast", 0 } },
                exit = new { lt = new object[] { "forecast", 0 } },
            }
        );
        var played = await BacktestAsync(rules, run);
        Assert.That(played["status"], Is.EqualTo("succeeded"), played.ToString());
        Assert.That(played.Json["results"]!["trades"]!.AsArray(), Is.Not.Empty);
        (await User.GetAsync($"/models/{rules}/forecast")).ShouldRefuse(409, "not_a_prediction_model");

        Assert.That(await IsChangedAsync(), Is.False);
        (await User.PatchAsync($"/models/{model}", new { configuration = new { trees = 21 } })).ShouldBe(200);
        Assert.That(await IsChangedAsync(), Is.True);
        (await User.DeleteAsync($"/models/{model}")).ShouldBe(204);
        Assert.That(await IsChangedAsync(), Is.True);
        (await User.PostAsync($"/models/{rules}/backtests", run)).ShouldNameField("configuration.forecastModel");

        async Task<bool> IsChangedAsync() =>
            (await User.GetAsync($"/backtests/{played["id"]}")).ShouldBe(200).Json["reproducibility"]![
                "dataChanged"
            ]!.GetValue<bool>();
    }
}
