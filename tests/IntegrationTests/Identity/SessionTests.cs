using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class SessionTests : ApiTest
{
    [Test]
    public async Task Signed_in_devices_are_listed_the_newest_first()
    {
        var user = await SignUpAsync();
        await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, user.Password);

        var sessions = (await user.GetAsync("/me/sessions")).Items;

        Assert.That(
            sessions.Select(session => session!["current"]!.GetValue<bool>()),
            Is.EqualTo(new[] { false, true })
        );
        Assert.That(sessions.Select(session => session!["ipAddress"]!.ToString()), Is.All.EqualTo("127.0.0.1"));
    }

    [Test]
    public async Task They_come_in_pages()
    {
        var user = await SignUpAsync();
        for (var i = 0; i < 4; i++)
        {
            await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, user.Password);
        }

        var first = await user.GetAsync("/me/sessions?limit=3");
        var second = await user.GetAsync($"/me/sessions?limit=3&cursor={first["nextCursor"]}");

        Assert.That(
            first.Items.Concat(second.Items).Select(session => session!["id"]!.ToString()).Distinct().Count(),
            Is.EqualTo(5)
        );
        Assert.That(second["nextCursor"], Is.Null);
        (await user.GetAsync("/me/sessions?cursor=nonsense")).ShouldNameField("cursor");
        (await user.GetAsync("/me/sessions?limit=0")).ShouldNameField("limit");
    }

    [Test]
    public async Task A_device_is_signed_out_at_once()
    {
        var user = await SignUpAsync();
        var elsewhere = await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, user.Password);
        (await elsewhere.GetAsync("/me")).ShouldBe(200);

        (await user.DeleteAsync($"/me/sessions/{await OwnIdAsync(elsewhere)}")).ShouldBe(204);

        (await elsewhere.GetAsync("/me")).ShouldBe(401);
        (await user.GetAsync("/me")).ShouldBe(200);
        Assert.That((await user.GetAsync("/me/sessions")).Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Nobody_signs_others_out()
    {
        var (user, stranger) = (await SignUpAsync(), await SignUpAsync());

        (await stranger.DeleteAsync($"/me/sessions/{await OwnIdAsync(user)}")).ShouldRefuse(404, "not_found");
        (await stranger.DeleteAsync("/me/sessions/0198f000-0000-7000-8000-000000000001")).ShouldRefuse(
            404,
            "not_found"
        );

        (await user.GetAsync("/me")).ShouldBe(200);
    }

    [Test]
    public async Task All_devices_are_signed_out_together()
    {
        var (user, other) = (await SignUpAsync(), await SignUpAsync());
        var elsewhere = await ApiUser.SignInAsync(TestRun.Server.Client, user.Email, user.Password);

        (await user.DeleteAsync("/me/sessions")).ShouldBe(204);

        (await user.GetAsync("/me")).ShouldBe(401);
        (await elsewhere.GetAsync("/me")).ShouldBe(401);
        (await other.GetAsync("/me")).ShouldBe(200);
    }

    [Test]
    public async Task A_session_ended_on_one_server_ends_on_the_others_within_a_minute()
    {
        var user = await SignUpAsync();
        var clock = new AdjustableClock();
        await using var another = await TestRun.Server.StartAnotherAsync(builder =>
            builder.Services.AddSingleton<TimeProvider>(clock)
        );
        using var http = new HttpClient { BaseAddress = new Uri(another.Urls.First()) };
        var there = new ApiClient(http, user.AccessToken);
        (await there.GetAsync("/me")).ShouldBe(200);

        await Anonymous.PostAsync("/auth/logout", new { refreshToken = user.RefreshToken });

        clock.Ahead = TimeSpan.FromMinutes(1);
        (await there.GetAsync("/me")).ShouldBe(401);
    }

    private sealed class AdjustableClock : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }

    private static async Task<string> OwnIdAsync(ApiUser user) =>
        (await user.GetAsync("/me/sessions")).Items.Single(session => session!["current"]!.GetValue<bool>())![
            "id"
        ]!.ToString();
}
