using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Watchlists;

/// <summary>An item's custom alerts are real alerts that live and end with it.</summary>
internal sealed class CustomAlertTests : WatchlistTest
{
    [Test]
    public async Task They_are_armed_with_the_item()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenAsync(user);

        var item = (await WatchAsync(user, watchlist, "bitcoin", Above(100000), Below(50000))).ShouldBe(201);

        Assert.That(
            item.Json["customAlerts"]!.AsArray().Select(alert => $"{alert!["condition"]} {alert["price"]}"),
            Is.EqualTo(new[] { "above 100000", "below 50000" })
        );
        Assert.That(
            await ActiveAlertsAsync(user),
            Is.EquivalentTo(new[] { "bitcoin above 100000", "bitcoin below 50000" })
        );
    }

    [Test]
    public async Task They_change_and_end_with_its_revisions()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenAsync(user);
        var item = await WatchAsync(user, watchlist, "bitcoin", Above(100000), Below(50000));

        (await user.PatchAsync(item.Location!, new { customAlerts = new[] { Above(120000) } })).ShouldBe(200);
        Assert.That(await ActiveAlertsAsync(user), Is.EqualTo(new[] { "bitcoin above 120000" }));

        (await user.PatchAsync(item.Location!, """{"customAlerts":null}""")).ShouldBe(200);
        Assert.That(await ActiveAlertsAsync(user), Is.Empty);
    }

    [Test]
    public async Task A_refused_revision_leaves_them_as_they_were()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenAsync(user);
        var item = await WatchAsync(user, watchlist, "bitcoin", Above(100000));

        (
            await user.PatchAsync(item.Location!, new { notes = "new", customAlerts = new[] { Above(-1) } })
        ).ShouldNameField("customAlerts[0].price");

        Assert.That((await user.GetAsync(item.Location!)).Text, Is.EqualTo(item.Text));
        Assert.That(await ActiveAlertsAsync(user), Is.EqualTo(new[] { "bitcoin above 100000" }));
    }

    [Test]
    public async Task They_end_with_the_item_and_with_the_watchlist()
    {
        var user = await SignUpAsync();
        var watchlist = await OpenAsync(user);
        var item = await WatchAsync(user, watchlist, "bitcoin", Above(100000));
        await WatchAsync(user, watchlist, "monero", Above(1000));

        (await user.DeleteAsync(item.Location!)).ShouldBe(204);
        Assert.That(await ActiveAlertsAsync(user), Is.EqualTo(new[] { "monero above 1000" }));

        (await user.DeleteAsync(watchlist.Location!)).ShouldBe(204);
        Assert.That(await ActiveAlertsAsync(user), Is.Empty);
    }

    private static object Above(decimal price) => new { condition = "above", price };

    private static object Below(decimal price) => new { condition = "below", price };

    private static async Task<string[]> ActiveAlertsAsync(ApiClient user) =>
        [
            .. (await user.GetAsync("/alerts?isActive=true"))
                .ShouldBe(200)
                .Items.Select(alert => $"{alert!["coinId"]} {alert["condition"]} {alert["price"]}"),
        ];
}
