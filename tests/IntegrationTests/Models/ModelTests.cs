using System.Text.Json.Nodes;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Models;

/// <summary>Models as resources: created, listed, changed, deleted, and seen by nobody else.</summary>
internal sealed class ModelTests : ModelTest
{
    [Test]
    public async Task A_model_is_kept_as_it_was_given()
    {
        var created = (
            await User.PostAsync(
                "/models",
                new
                {
                    name = "Swing",
                    description = "of days",
                    configuration = Cross,
                }
            )
        ).ShouldBe(201);

        var read = (await User.GetAsync(created.Location!)).ShouldBe(200);

        Assert.That(JsonNode.DeepEquals(read.Json, created.Json), Is.True, read.Text);
        Assert.That(read.ETag, Is.EqualTo(created.ETag));
        Assert.That(
            (read["type"], read["isActive"], read["performance"]),
            Is.EqualTo(("trading", "true", (string?)null))
        );
        Assert.That(
            read.Json["configuration"]!.ToJsonString(),
            Is.EqualTo("""{"fast":3,"slow":8,"strategy":"sma_cross"}""")
        );
    }

    [TestCase("""{"strategy":"sma_cross","fast":"many","slow":8}""", "configuration.fast", "/fast")]
    [TestCase("""{"strategy":"sma_cross","fast":8,"slow":3}""", "configuration.fast", "/fast")]
    [TestCase("""{"strategy":"sma_cross","fast":3}""", "configuration.slow", "/slow")]
    [TestCase("""{"strategy":"sma_cross","fast":3,"slow":8,"stop":1}""", "configuration.stop", "/stop")]
    [TestCase("""{"strategy":"magic"}""", "configuration.strategy", "/strategy")]
    [TestCase(
        """{"strategy":"rules","entry":{"gt":["forecast",0]}}""",
        "configuration.forecastModel",
        "/forecastModel"
    )]
    [TestCase(
        """{"strategy":"rules","entry":{"gt":["close",1]},"shortEntry":{"lt":["close",1]}}""",
        "configuration.shortEntry",
        "/shortEntry"
    )]
    [TestCase("""{}""", "configuration.strategy", "/strategy")]
    [TestCase(
        """{"strategy":"sma_cross","fast":3,"slow":8,"direction":"up"}""",
        "configuration.direction",
        "/direction"
    )]
    [TestCase(
        """{"strategy":"rules","entry":{"all":[{"gt":["sma(3)","nonsense(1)"]}]}}""",
        "configuration.entry.all[0].gt[1]",
        "/entry/all/0/gt/1"
    )]
    public async Task A_configuration_that_its_schema_refuses_names_the_pointer(
        string configuration,
        string field,
        string pointer
    )
    {
        var refused = await User.PostAsync("/models", $$"""{"name":"Bad","configuration":{{configuration}}}""");

        refused.ShouldNameField(field);
        Assert.That(refused.Json["errors"]![field]![0]!.ToString(), Does.Contain($"/configuration{pointer}"));
        Assert.That((await User.GetAsync("/models")).Items, Is.Empty);
    }

    [Test]
    public async Task A_patch_is_merged_into_the_configuration_and_checked_as_a_whole()
    {
        var model = await ModelAsync();
        var before = (await User.GetAsync($"/models/{model}")).ETag!;

        (await User.PatchAsync($"/models/{model}", new { configuration = new { slow = 2 } })).ShouldNameField(
            "configuration.fast"
        );
        var changed = (
            await User.PatchAsync(
                $"/models/{model}",
                new { isActive = false, configuration = new { slow = 20 } },
                ("If-Match", before)
            )
        ).ShouldBe(200);

        Assert.That(changed.Json["configuration"]!["slow"]!.GetValue<int>(), Is.EqualTo(20));
        Assert.That(changed.ETag, Is.Not.EqualTo(before));
        (await User.PatchAsync($"/models/{model}", new { name = "Late" }, ("If-Match", before))).ShouldBe(412);
        (await User.DeleteAsync($"/models/{model}", null, ("If-Match", before))).ShouldBe(412);
        (await User.DeleteAsync($"/models/{model}", null, ("If-Match", changed.ETag!))).ShouldBe(204);
        (await User.GetAsync($"/models/{model}")).ShouldBe(404);
    }

    [Test]
    public async Task Lists_come_by_the_page_newest_first_and_by_type()
    {
        var first = await ModelAsync();
        var second = await ModelAsync(new { strategy = "fast_tree" }, "prediction");

        var page = (await User.GetAsync("/models?limit=1")).ShouldBe(200);
        var next = (await User.GetAsync($"/models?limit=1&cursor={page["nextCursor"]}")).ShouldBe(200);

        Assert.That(page.Items.Single()!["id"]!.ToString(), Is.EqualTo(second));
        Assert.That(next.Items.Single()!["id"]!.ToString(), Is.EqualTo(first));
        Assert.That(next["nextCursor"], Is.Null);
        Assert.That((await User.GetAsync("/models?type=prediction")).Items, Has.Count.EqualTo(1));
        (await User.GetAsync("/models?type=oracle")).ShouldNameField("type");
    }

    [Test]
    public async Task Nobody_else_sees_or_changes_one()
    {
        var model = await ModelAsync();
        var other = await SignUpAsync();

        (await other.GetAsync($"/models/{model}")).ShouldBe(404);
        (await other.PatchAsync($"/models/{model}", new { name = "Mine" })).ShouldBe(404);
        (await other.DeleteAsync($"/models/{model}")).ShouldBe(404);
        (await other.GetAsync($"/models/{model}/backtests")).ShouldBe(404);
        (await other.PostAsync($"/models/{model}/backtests", Run())).ShouldBe(404);
        (await other.GetAsync($"/models/{model}/forecast")).ShouldBe(404);
        Assert.That((await other.GetAsync("/models")).Items, Is.Empty);
    }

    [Test]
    public async Task The_catalogue_has_each_strategy_with_its_schema_and_each_measure_with_its_formula()
    {
        var catalogue = (await User.GetAsync("/models/strategies")).ShouldBe(200);

        var names = catalogue.Items.Select(strategy => strategy!["name"]!.ToString()).ToList();
        Assert.That(
            names,
            Is.SupersetOf(
                new[]
                {
                    "sma_cross",
                    "ema_cross",
                    "rsi_reversion",
                    "macd",
                    "buy_and_hold",
                    "rules",
                    "signals",
                    "fast_tree",
                }
            )
        );
        var cross = catalogue.Items.Single(strategy => strategy!["name"]!.ToString() == "sma_cross")!["schema"]!;
        Assert.That(cross["properties"]!["fast"]!["type"]!.ToString(), Is.EqualTo("integer"));
        Assert.That(cross["additionalProperties"]!.GetValue<bool>(), Is.False);
        Assert.That(
            catalogue.Json["metrics"]!.AsArray().Select(metric => metric!["name"]!.ToString()),
            Is.SupersetOf(new[] { "sharpe", "sortino", "maxDrawdown", "profitFactor" })
        );
    }
}
