using System.Diagnostics;
using System.Net;
using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Alerts;

internal sealed class StreamTests : AlertTest
{
    private const string Path = "/alerts/stream";

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_listener_hears_what_fires_from_now_on_and_of_its_own_alerts_alone()
    {
        var user = await SignUpAsync();
        var alert = await ArmAsync(user, "above", 100);
        await ArmAsync(await SignUpAsync(), "above", 100);
        await PriceIsAsync(110, 90);
        await using var stream = await EventReader.OpenAsync(user, Path);

        await PriceIsAsync(120);
        var heard = await stream.NextAsync();

        Assert.That(heard.Name, Is.EqualTo("alert"));
        Assert.That(heard.Data["alertId"]!.ToString(), Is.EqualTo(alert));
        Assert.That(heard.Data["priceAtTrigger"]!.ToString(), Is.EqualTo("120"));
        Assert.That(heard.Data["id"]!.ToString(), Is.EqualTo(heard.Id));
        Assert.That(
            heard.Data.ToJsonString(),
            Is.EqualTo((await user.GetAsync("/alerts/history?limit=1")).Items[0]!.ToJsonString())
        );
        Assert.That(await stream.IsSilentAsync(), Is.True);
    }

    [Test]
    public async Task Who_comes_back_misses_nothing_and_hears_nothing_twice()
    {
        var user = await SignUpAsync();
        await ArmAsync(user, "above", 100);
        string last;
        await using (var first = await EventReader.OpenAsync(user, Path))
        {
            await PriceIsAsync(101);
            last = (await first.NextAsync()).Id!;
        }

        await PriceIsAsync(99, 102, 99, 103);
        await using var second = await EventReader.OpenAsync(user, Path, ("Last-Event-ID", last));
        await PriceIsAsync(99, 104);

        foreach (var price in new[] { "102", "103", "104" })
        {
            Assert.That((await second.NextAsync()).Data["priceAtTrigger"]!.ToString(), Is.EqualTo(price));
        }
    }

    [Test]
    public async Task A_ticket_opens_one_stream_of_its_owner()
    {
        var user = await SignUpAsync();
        await ArmAsync(user, "above", 100);
        var ticket = (await user.PostAsync("/alerts/stream-ticket")).ShouldBe(200)["ticket"];

        await using var stream = await EventReader.OpenAsync(Anonymous, $"/alerts/stream?ticket={ticket}");
        (await Anonymous.GetAsync($"/alerts/stream?ticket={ticket}")).ShouldRefuse(401, "invalid_ticket");
        await PriceIsAsync(110);

        Assert.That((await stream.NextAsync()).Data["priceAtTrigger"]!.ToString(), Is.EqualTo("110"));
    }

    [Test]
    public async Task A_ticket_is_taken_once_however_many_come_with_it()
    {
        var ticket = (await (await SignUpAsync()).PostAsync("/alerts/stream-ticket"))["ticket"];

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ => Anonymous.OpenAsync($"/alerts/stream?ticket={ticket}", CancellationToken.None))
        );

        Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized), Is.EqualTo(7));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Test]
    public async Task A_ticket_is_good_for_thirty_seconds()
    {
        var ticket = (await (await SignUpAsync()).PostAsync("/alerts/stream-ticket"))["ticket"];
        await StoredAsync<object>("update alerts.stream_tickets set expires_at = expires_at - interval '30 seconds'");

        (await Anonymous.GetAsync($"/alerts/stream?ticket={ticket}")).ShouldRefuse(401, "invalid_ticket");
    }

    [Test]
    public async Task A_stream_ends_when_its_access_token_does()
    {
        var ticket = (await (await SignUpAsync()).PostAsync("/alerts/stream-ticket"))["ticket"];
        await StoredAsync<object>("update alerts.stream_tickets set stream_ends_at = now() + interval '1 second'");

        await using var stream = await EventReader.OpenAsync(Anonymous, $"/alerts/stream?ticket={ticket}");

        Assert.That(await stream.EndAsync(), Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task A_stream_ends_soon_after_its_session_be_it_busy_or_silent()
    {
        var (busy, silent) = (await SignUpAsync(), await SignUpAsync());
        await ArmAsync(busy, "above", 100);
        await using var busyStream = await EventReader.OpenAsync(busy, Path);
        await using var silentStream = await EventReader.OpenAsync(silent, Path);
        var ends = Task.WhenAll(busyStream.EndAsync(Soon), silentStream.EndAsync(Soon));

        (await busy.PostAsync("/auth/logout", new { refreshToken = busy.RefreshToken })).ShouldBe(204);
        var silentId = (await silent.GetAsync("/me"))["id"];
        (await (await AdminAsync()).PatchAsync($"/admin/users/{silentId}", new { isActive = false })).ShouldBe(200);
        while (!ends.IsCompleted)
        {
            await PriceIsAsync(90, 110);
        }

        Assert.That(await ends, Has.All.LessThan(Soon));
    }

    [Test]
    public async Task A_stream_of_a_programs_token_asks_for_the_token_again_within_a_minute()
    {
        var user = await SignUpAsync();
        var token = (await user.PostAsync("/me/tokens", new { name = "bot", scopes = new[] { "read" } }))["token"];

        (await new ApiClient(TestRun.Server.Client, token).PostAsync("/alerts/stream-ticket")).ShouldBe(200);

        Assert.That(
            await StoredAsync<TimeSpan>("select stream_ends_at - now() from alerts.stream_tickets"),
            Is.GreaterThan(TimeSpan.FromSeconds(50)).And.LessThanOrEqualTo(TimeSpan.FromMinutes(1))
        );
    }

    [Test]
    public async Task A_server_that_stops_ends_its_streams_at_once()
    {
        // Stopped but not disposed: with its services would go the logging that Hangfire shares in a process.
        var node = await TestRun.Server.StartAnotherAsync();
        using var http = new HttpClient { BaseAddress = new Uri(node.Urls.First()) };
        await using var stream = await EventReader.OpenAsync(await ApiUser.SignUpAsync(http), Path);
        var started = Stopwatch.GetTimestamp();

        await Task.WhenAll(node.App.StopAsync(), stream.EndAsync());

        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task Without_a_token_or_with_nonsense_there_is_no_stream()
    {
        var user = await SignUpAsync();

        (await Anonymous.GetAsync("/alerts/stream")).ShouldBe(401);
        (await user.GetAsync("/alerts/stream?ticket=nonsense")).ShouldRefuse(401, "invalid_ticket");
        (await user.GetAsync("/alerts/stream", ("Last-Event-ID", "nonsense"))).ShouldNameField("Last-Event-ID");
        (await user.GetAsync("/alerts/stream", ("Last-Event-ID", Guid.CreateVersion7().ToString()))).ShouldNameField(
            "Last-Event-ID"
        );
    }
}
