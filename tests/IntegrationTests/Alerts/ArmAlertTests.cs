using System.Text.Json.Nodes;

namespace CryptoBeacon.IntegrationTests.Alerts;

internal sealed class ArmAlertTests : AlertTest
{
    [Test]
    public async Task An_alert_is_armed_with_the_contracts_defaults()
    {
        var user = await SignUpAsync();

        var alert = (
            await user.PostAsync(
                "/alerts",
                new
                {
                    coinId = "bitcoin",
                    condition = "above",
                    price = "70000.50",
                }
            )
        ).ShouldBe(201);

        Assert.That(alert.Location, Is.EqualTo($"/api/v1/alerts/{alert["id"]}"));
        Assert.That(alert["price"], Is.EqualTo("70000.5"));
        Assert.That(alert["currency"], Is.EqualTo("USD"));
        Assert.That(alert["repeat"], Is.EqualTo("once"));
        Assert.That(alert["isActive"], Is.EqualTo("true"));
        Assert.That(alert["triggeredAt"], Is.Null);
        Assert.That(alert.Json["notificationChannels"]!.ToJsonString(), Is.EqualTo("""["app"]"""));
    }

    [Test]
    public async Task What_was_armed_is_what_is_read_with_the_same_ETag()
    {
        var user = await SignUpAsync();
        var armed = await user.PostAsync(
            "/alerts",
            new
            {
                coinId = "ethereum",
                condition = "crosses_below",
                price = "0.000000000000000001",
                currency = "BTC",
                expiresAt = "2035-01-01T01:00:00+01:00",
                notificationChannels = new[] { "webhook", "app", "app" },
                notes = "line\nline",
                repeat = "every_crossing",
                cooldownSeconds = 60,
                hysteresisPercent = "1.5",
            }
        );

        var read = await user.GetAsync($"/alerts/{armed["id"]}");

        Assert.That(read.ShouldBe(200).Text, Is.EqualTo(armed.ShouldBe(201).Text));
        Assert.That(read.ETag, Is.EqualTo(armed.ETag).And.Not.Null);
        Assert.That(read["expiresAt"], Is.EqualTo("2035-01-01T00:00:00Z"));
        Assert.That(read.Json["notificationChannels"]!.ToJsonString(), Is.EqualTo("""["app","webhook"]"""));
    }

    [TestCase("coinId", null)]
    [TestCase("coinId", "\"Bit coin\"")]
    [TestCase("coinId", "7")]
    [TestCase("condition", null)]
    [TestCase("condition", "\"sideways\"")]
    [TestCase("windowSeconds", "\"percent_up\"", "condition")]
    [TestCase("condition", "0")]
    [TestCase("price", null)]
    [TestCase("price", "-1")]
    [TestCase("price", "0")]
    [TestCase("price", "\"NaN\"")]
    [TestCase("price", "0.0000000000000000001")]
    [TestCase("price", "10000000000000000000000000000")]
    [TestCase("currency", "\"usd\"")]
    [TestCase("expiresAt", "\"2020-01-01T00:00:00Z\"")]
    [TestCase("expiresAt", "\"2035-01-01\"")]
    [TestCase("notificationChannels", "[]")]
    [TestCase("notificationChannels[0]", """["pigeon"]""", "notificationChannels")]
    [TestCase("notificationChannels[1]", """["app",null]""", "notificationChannels")]
    [TestCase("repeat", "\"twice\"")]
    [TestCase("cooldownSeconds", "-1")]
    [TestCase("cooldownSeconds", "99999999999")]
    [TestCase("hysteresisPercent", "100")]
    [TestCase("windowSeconds", "60")]
    [TestCase("isActive", "\"yes\"")]
    [TestCase("triggeredAt", "\"2020-01-01T00:00:00Z\"")]
    [TestCase("colour", "\"red\"")]
    public async Task What_the_contract_does_not_allow_is_a_400_with_the_field(
        string field,
        string? value,
        string? property = null
    )
    {
        var user = await SignUpAsync();
        var alert = JsonNode.Parse("""{"coinId":"bitcoin","condition":"above","price":"1"}""")!.AsObject();
        alert[property ?? field] = value is null ? null : JsonNode.Parse(value);

        (await user.PostAsync("/alerts", alert)).ShouldNameField(field);

        Assert.That(await StoredAsync<long>("select count(*) from alerts.alerts"), Is.Zero);
    }

    [Test]
    public async Task The_same_idempotency_key_arms_one_alert()
    {
        var user = await SignUpAsync();
        var body = new
        {
            coinId = "bitcoin",
            condition = "above",
            price = 1,
        };

        var first = await user.PostAsync("/alerts", body, ("Idempotency-Key", "one"));
        var second = await user.PostAsync("/alerts", body, ("Idempotency-Key", "one"));

        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That((await user.GetAsync("/alerts")).Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Lists_come_in_pages_newest_first_and_filtered()
    {
        var user = await SignUpAsync();
        var armed = new List<string>();
        for (var price = 1; price <= 5; price++)
        {
            armed.Insert(0, await ArmAsync(user, "above", price));
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (
                await user.GetAsync(
                    $"/alerts?coinId=bitcoin&isActive=true&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}"
                )
            ).ShouldBe(200);
            seen.AddRange(page.Items.Select(alert => alert!["id"]!.ToString()));
            cursor = page["nextCursor"];
        } while (cursor is not null);

        Assert.That(seen, Is.EqualTo(armed));
        Assert.That((await user.GetAsync("/alerts?coinId=ethereum")).Items, Is.Empty);
        Assert.That((await user.GetAsync("/alerts?isActive=false")).Items, Is.Empty);
    }

    [TestCase("/alerts?limit=0", "limit")]
    [TestCase("/alerts?limit=201", "limit")]
    [TestCase("/alerts?limit=x", "limit")]
    [TestCase("/alerts?cursor=x", "cursor")]
    [TestCase("/alerts?isActive=perhaps", "isActive")]
    [TestCase("/alerts?coinId=No%20Coin", "coinId")]
    [TestCase("/alerts/history?limit=-1", "limit")]
    [TestCase("/alerts/history?cursor=e30", "cursor")]
    public async Task A_query_that_makes_no_sense_is_a_400_with_its_name(string path, string field) =>
        (await (await SignUpAsync()).GetAsync(path)).ShouldNameField(field);
}
