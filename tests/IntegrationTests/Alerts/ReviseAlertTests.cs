namespace CryptoBeacon.IntegrationTests.Alerts;

internal sealed class ReviseAlertTests : AlertTest
{
    [Test]
    public async Task A_patch_changes_what_it_names_and_clears_what_it_nulls()
    {
        var user = await SignUpAsync();
        var id = await ArmAsync(
            user,
            new
            {
                coinId = Coin,
                condition = "above",
                price = 1,
                notes = "old",
                expiresAt = "2035-01-01T00:00:00Z",
            }
        );

        var revised = (await user.PatchAsync($"/alerts/{id}", """{"price":"2.5","notes":null}""")).ShouldBe(200);

        Assert.That(revised["price"], Is.EqualTo("2.5"));
        Assert.That(revised["notes"], Is.Null);
        Assert.That(revised["expiresAt"], Is.EqualTo("2035-01-01T00:00:00Z"));
        Assert.That((await user.GetAsync($"/alerts/{id}")).Text, Is.EqualTo(revised.Text));
    }

    [TestCase("""{"price":null}""", "price")]
    [TestCase("""{"condition":"percent_down"}""", "windowSeconds")]
    [TestCase("""{"isActive":null}""", "isActive")]
    [TestCase("""{"repeat":null}""", "repeat")]
    [TestCase("""{"currency":null}""", "currency")]
    [TestCase("""{"notificationChannels":null}""", "notificationChannels")]
    [TestCase("""{"triggeredAt":null}""", "triggeredAt")]
    [TestCase("""{"id":"x"}""", "id")]
    [TestCase("""{"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    public async Task A_patch_to_a_state_that_could_not_be_created_is_a_400(string patch, string field)
    {
        var user = await SignUpAsync();
        var id = await ArmAsync(user, "above", 1);

        (await user.PatchAsync($"/alerts/{id}", patch)).ShouldNameField(field);
    }

    [Test]
    public async Task The_ETag_follows_the_owner_and_not_the_prices()
    {
        var user = await SignUpAsync();
        var id = await ArmAsync(user, "crosses_above", 100);
        var before = (await user.GetAsync($"/alerts/{id}")).ETag!;

        await PriceIsAsync(90, 110, 95);

        (await user.PatchAsync($"/alerts/{id}", new { notes = "mine" }, ("If-Match", before))).ShouldBe(200);
        (await user.PatchAsync($"/alerts/{id}", new { notes = "late" }, ("If-Match", before))).ShouldBe(412);
        (await user.DeleteAsync($"/alerts/{id}", null, ("If-Match", before))).ShouldBe(412);
    }

    [Test]
    public async Task A_new_target_forgets_what_prices_said_of_the_old_one()
    {
        var user = await SignUpAsync();
        var id = await ArmAsync(user, "crosses_above", 100);
        await PriceIsAsync(90);

        await user.PatchAsync($"/alerts/{id}", new { price = 50 });
        await PriceIsAsync(110);
        Assert.That(await FiringsAsync(user, id), Is.Empty);

        await PriceIsAsync(40, 60);
        Assert.That(await FiringsAsync(user, id), Is.EqualTo(new[] { "60" }));
    }

    [Test]
    public async Task A_paused_alert_sleeps_until_it_is_resumed()
    {
        var user = await SignUpAsync();
        var id = await ArmAsync(user, "above", 100);
        await user.PatchAsync($"/alerts/{id}", new { isActive = false });
        await PriceIsAsync(110);
        Assert.That(await FiringsAsync(user, id), Is.Empty);

        await user.PatchAsync($"/alerts/{id}", new { isActive = true });
        await PriceIsAsync(120);
        Assert.That(await FiringsAsync(user, id), Is.EqualTo(new[] { "120" }));
    }

    [Test]
    public async Task A_fired_alert_is_rearmed_and_fires_again()
    {
        var user = await SignUpAsync();
        var id = await ArmAsync(user, "above", 100, "once");
        await PriceIsAsync(101, 99, 102);
        Assert.That((await user.GetAsync($"/alerts/{id}"))["isActive"], Is.EqualTo("false"));

        Assert.That((await user.PostAsync($"/alerts/{id}/rearm")).ShouldBe(200)["isActive"], Is.EqualTo("true"));
        (await user.PostAsync($"/alerts/{id}/rearm")).ShouldBe(200);
        await PriceIsAsync(103);

        Assert.That(await FiringsAsync(user, id), Is.EqualTo(new[] { "101", "103" }));
    }

    [Test]
    public async Task An_expired_alert_is_rearmed_only_with_a_new_expiry()
    {
        var user = await SignUpAsync();
        var id = await ArmAsync(user, "above", 100);
        await StoredAsync<object>(
            $"update alerts.alerts set expires_at = now() - interval '1 minute' where id = '{id}'"
        );

        Assert.That((await user.GetAsync($"/alerts/{id}"))["isActive"], Is.EqualTo("false"));
        (await user.PostAsync($"/alerts/{id}/rearm")).ShouldRefuse(409, "expired");
        (await user.PatchAsync($"/alerts/{id}", new { isActive = true })).ShouldNameField("expiresAt");
        (await user.PatchAsync($"/alerts/{id}", new { isActive = true, expiresAt = "2035-01-01T00:00:00Z" })).ShouldBe(
            200
        );
        Assert.That((await user.GetAsync("/alerts?isActive=true")).Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_deleted_alert_is_gone_and_what_it_fired_stays()
    {
        var user = await SignUpAsync();
        var silent = await ArmAsync(user, "above", 1000);
        var fired = await ArmAsync(user, "above", 100);
        await PriceIsAsync(110);

        (await user.DeleteAsync($"/alerts/{silent}")).ShouldBe(204);
        (await user.DeleteAsync($"/alerts/{fired}")).ShouldBe(204);

        (await user.GetAsync($"/alerts/{fired}")).ShouldBe(404);
        (await user.DeleteAsync($"/alerts/{fired}")).ShouldBe(404);
        (await user.PostAsync($"/alerts/{fired}/rearm")).ShouldBe(404);
        Assert.That((await user.GetAsync("/alerts")).Items, Is.Empty);
        Assert.That((await user.GetAsync("/alerts/history")).Items, Has.Count.EqualTo(1));
        await PriceIsAsync(90, 110);
        Assert.That((await user.GetAsync("/alerts/history")).Items, Has.Count.EqualTo(1));
        Assert.That(await StoredAsync<long>("select count(*) from alerts.alerts"), Is.EqualTo(1));
    }

    [Test]
    public async Task Nobody_elses_alert_can_be_seen_or_touched()
    {
        var owner = await SignUpAsync();
        var stranger = await SignUpAsync();
        var id = await ArmAsync(owner, "above", 100);
        await PriceIsAsync(110);

        (await stranger.GetAsync($"/alerts/{id}")).ShouldBe(404);
        (await stranger.PatchAsync($"/alerts/{id}", new { price = 1 })).ShouldBe(404);
        (await stranger.DeleteAsync($"/alerts/{id}")).ShouldBe(404);
        (await stranger.PostAsync($"/alerts/{id}/rearm")).ShouldBe(404);
        (await stranger.GetAsync($"/alerts/{id}/history")).ShouldBe(404);
        Assert.That((await stranger.GetAsync("/alerts")).Items, Is.Empty);
        Assert.That((await stranger.GetAsync("/alerts/history")).Items, Is.Empty);
        (await Anonymous.GetAsync($"/alerts/{id}")).ShouldBe(401);
    }
}
