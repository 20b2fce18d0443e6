using CryptoBeacon.Application.Contracts.Alerts;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Application.Security;
using CryptoBeacon.Domain;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.IntegrationTests.Alerts;

internal sealed class CustomAlertsTests : AlertTest
{
    [Test]
    public async Task The_alerts_of_an_origin_become_exactly_what_is_wanted()
    {
        var user = await SignUpAsync();
        var item = await WatchAsync(user);
        await ReplaceAsync(user, item, new("above", 100, null), new("below", 50, null), new("below", 40, ["email"]));
        var before = await AlertsAsync(user);

        await ReplaceAsync(
            user,
            item,
            new("above", 100, ["app"]),
            new("below", 45, null),
            new("crosses_above", 70, null)
        );

        var after = await AlertsAsync(user);
        Assert.That(after.Values, Is.EquivalentTo(new[] { "above 100", "below 45", "crosses_above 70" }));
        Assert.That(
            after.Where(alert => before.ContainsKey(alert.Key)).Select(alert => alert.Value),
            Is.EquivalentTo(new[] { "above 100", "below 45" })
        );
    }

    [Test]
    public async Task What_is_wanted_as_it_is_stays_fired_and_what_is_not_wanted_keeps_its_history()
    {
        var user = await SignUpAsync();
        var item = await WatchAsync(user);
        await ReplaceAsync(user, item, new CustomAlert("above", 100, null));
        await PriceIsAsync(110);

        await ReplaceAsync(user, item, new CustomAlert("above", 100, null));
        Assert.That((await user.GetAsync("/alerts?isActive=false")).Items, Has.Count.EqualTo(1));

        await ReplaceAsync(user, item);
        Assert.That((await user.GetAsync("/alerts")).Items, Is.Empty);
        Assert.That((await user.GetAsync("/alerts/history")).Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_cannot_be_an_alert_is_refused_with_its_place()
    {
        var user = await SignUpAsync();
        var item = await WatchAsync(user);

        var refused = await ReplaceAsync(
            user,
            item,
            new("above", 1, null),
            new("sideways", 1, null),
            new("below", -1, ["pigeon"]),
            new("below", -1, [])
        );

        Assert.That(
            refused.Error!.Fields.Keys,
            Is.EquivalentTo(
                new[]
                {
                    "customAlerts[1].condition",
                    "customAlerts[2].notificationChannels[0]",
                    "customAlerts[3].price",
                    "customAlerts[3].notificationChannels",
                }
            )
        );
        Assert.That((await user.GetAsync("/alerts")).Items, Is.Empty);
    }

    [Test]
    public async Task An_alert_of_a_watchlist_is_changed_there_alone()
    {
        var user = await SignUpAsync();
        await ReplaceAsync(user, await WatchAsync(user), new CustomAlert("above", 100, null));
        var id = (await AlertsAsync(user)).Keys.Single();

        (await user.PatchAsync($"/alerts/{id}", new { price = 1 })).ShouldRefuse(409, "belongs_to_watchlist");
        (await user.DeleteAsync($"/alerts/{id}")).ShouldRefuse(409, "belongs_to_watchlist");
        (await user.PatchAsync($"/alerts/{id}", new { isActive = false })).ShouldBe(200);
    }

    private static async Task<Dictionary<string, string>> AlertsAsync(ApiClient user) =>
        (await user.GetAsync("/alerts")).Items.ToDictionary(
            alert => alert!["id"]!.ToString(),
            alert => $"{alert!["condition"]} {alert["price"]}"
        );

    /// <summary>A watchlist with the coin as its one item.</summary>
    private static async Task<Guid> WatchAsync(ApiUser user) =>
        await StoredAsync<Guid>(
            """
            with owner as (select id from identity.users where email = $1),
            list as (insert into watchlists.watchlists (id, user_id, name) select platform.uuid_v7(), id, 'mine' from owner returning id, user_id)
            insert into watchlists.watchlist_items (id, watchlist_id, user_id, coin_id)
            select platform.uuid_v7(), id, user_id, 'bitcoin' from list
            returning id
            """,
            user.Email
        );

    private static async Task<Result> ReplaceAsync(ApiUser user, Guid item, params CustomAlert[] wanted)
    {
        await using var scope = TestRun.Server.Server.App.Services.CreateAsyncScope();
        var owner = Guid.Parse((await user.GetAsync("/me"))["id"]!);
        scope.ServiceProvider.GetRequiredService<ICurrentUserSetter>().Set(owner, isAdmin: false, sessionId: null);
        var unitOfWork = scope.ServiceProvider.GetRequiredService<IUnitOfWork>();
        await unitOfWork.BeginAsync(CancellationToken.None);
        var result = await scope
            .ServiceProvider.GetRequiredService<ICustomAlerts>()
            .ReplaceAsync(item, Coin, wanted, CancellationToken.None);
        await unitOfWork.CommitAsync(CancellationToken.None);
        return result;
    }
}
