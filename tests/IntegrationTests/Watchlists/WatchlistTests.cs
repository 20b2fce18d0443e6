using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Watchlists;

internal sealed class WatchlistTests : WatchlistTest
{
    [Test]
    public async Task A_new_watchlist_is_answered_as_it_is_then_read()
    {
        var user = await SignUpAsync();

        var created = await OpenAsync(user, " Majors ");

        var read = await user.GetAsync(created.Location!);
        Assert.That((read.Text, read.ETag), Is.EqualTo((created.Text, created.ETag)));
        Assert.That((read["name"], read["isDefault"], read.Items.Count), Is.EqualTo(("Majors", "true", 0)));
    }

    [TestCase("""{}""", "name")]
    [TestCase("""{"name":""}""", "name")]
    [TestCase("""{"name":["a"]}""", "name")]
    [TestCase("""{"name":"a","isDefault":1}""", "isDefault")]
    [TestCase("""{"name":"a","items":[]}""", "items")]
    public async Task What_is_wrong_is_named(string body, string field)
    {
        var user = await SignUpAsync();

        (await user.PostAsync("/watchlists", body)).ShouldNameField(field);

        Assert.That((await user.GetAsync("/watchlists")).Items, Is.Empty);
    }

    [Test]
    public async Task Revising_changes_what_the_patch_names()
    {
        var user = await SignUpAsync();
        await OpenAsync(user, "First");
        var second = await OpenAsync(user, "Second");

        var revised = (await user.PatchAsync(second.Location!, new { name = "Renamed", isDefault = true })).ShouldBe(
            200
        );

        Assert.That(
            (revised.Text, revised.ETag),
            Is.EqualTo(((await ReadAsync(user, second)).Text, (await ReadAsync(user, second)).ETag))
        );
        Assert.That(await DefaultsAsync(user), Is.EqualTo(new[] { "Renamed" }));
        (await user.PatchAsync(second.Location!, new { isDefault = false })).ShouldRefuse(409, "default_required");
        (await user.PatchAsync(second.Location!, """{"name":null}""")).ShouldNameField("name");
        (await user.PatchAsync(second.Location!, new { name = "Late" }, ("If-Match", second.ETag!))).ShouldBe(412);
    }

    [Test]
    public async Task When_the_default_goes_the_oldest_inherits_it()
    {
        var user = await SignUpAsync();
        await OpenAsync(user, "Oldest");
        await OpenAsync(user, "Middle");
        var newest = await OpenAsync(user, "Newest", isDefault: true);

        (await user.DeleteAsync(newest.Location!)).ShouldBe(204);

        Assert.That(await DefaultsAsync(user), Is.EqualTo(new[] { "Oldest" }));
    }

    [Test]
    public async Task Whatever_is_done_at_the_same_moment_one_default_stays()
    {
        var user = await SignUpAsync();
        var watchlists = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => OpenAsync(user, $"W{i}", isDefault: true))
        );

        var answers = await Task.WhenAll(
            watchlists
                .Take(5)
                .Select(watchlist => user.PatchAsync(watchlist.Location!, new { isDefault = true }))
                .Concat(watchlists.Take(4).Select(watchlist => user.DeleteAsync(watchlist.Location!)))
        );

        Assert.That(answers.Select(answer => (int)answer.Status).Distinct(), Is.SubsetOf(new[] { 200, 204, 404 }));
        Assert.That(await DefaultsAsync(user), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Pages_show_each_once_oldest_first()
    {
        var user = await SignUpAsync();
        foreach (var name in new[] { "A", "B", "C" })
        {
            await OpenAsync(user, name);
        }

        var first = await user.GetAsync("/watchlists?limit=2");
        var second = await user.GetAsync($"/watchlists?limit=2&cursor={first["nextCursor"]}");

        Assert.That(
            first.Items.Concat(second.Items).Select(watchlist => watchlist!["name"]!.ToString()),
            Is.EqualTo(new[] { "A", "B", "C" })
        );
        (await user.GetAsync("/watchlists?cursor=e30")).ShouldNameField("cursor");
    }

    [Test]
    public async Task Nothing_of_somebody_elses_can_be_read_or_changed()
    {
        var owner = await SignUpAsync();
        var watchlist = await OpenWithAsync(owner, "bitcoin", "monero");
        var stranger = await SignUpAsync();
        var path = $"/watchlists/{watchlist["id"]}";

        ApiResponse[] answers =
        [
            await stranger.GetAsync(path),
            await stranger.PatchAsync(path, new { name = "Mine" }),
            await stranger.DeleteAsync(path),
            await WatchAsync(stranger, watchlist, "tezos"),
            await stranger.GetAsync($"{path}/items/bitcoin"),
            await stranger.PatchAsync($"{path}/items/bitcoin", new { notes = "Mine" }),
            await stranger.DeleteAsync($"{path}/items/bitcoin"),
            await stranger.PutAsync($"{path}/order", new { coinIds = new[] { "monero", "bitcoin" } }),
        ];

        Assert.That(answers.Select(answer => (int)answer.Status), Is.All.EqualTo(404));
        Assert.That((await ReadAsync(owner, watchlist)).ETag, Is.EqualTo(watchlist.ETag));
    }
}
