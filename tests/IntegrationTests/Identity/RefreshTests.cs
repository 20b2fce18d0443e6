using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

internal sealed class RefreshTests : ApiTest
{
    [Test]
    public async Task A_refresh_token_gives_a_new_pair_of_the_same_session()
    {
        var user = await SignUpAsync();

        var pair = (await RefreshAsync(user.RefreshToken)).ShouldBe(200);

        Assert.That(pair["refreshToken"], Is.Not.EqualTo(user.RefreshToken));
        var renewed = new ApiClient(TestRun.Server.Client, pair["accessToken"]);
        Assert.That((await renewed.GetAsync("/me/sessions")).Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Used_again_at_once_it_gives_the_same_successor()
    {
        var user = await SignUpAsync();

        var first = await RefreshAsync(user.RefreshToken);
        var second = await RefreshAsync(user.RefreshToken);

        Assert.That(second.ShouldBe(200)["refreshToken"], Is.EqualTo(first["refreshToken"]));
    }

    [Test]
    public async Task Of_fifty_at_once_all_get_the_one_successor_and_the_session_lives()
    {
        var user = await SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RefreshAsync(user.RefreshToken)));

        Assert.That(answers.Select(answer => answer.ShouldBe(200)["refreshToken"]).Distinct().Count(), Is.EqualTo(1));
        (await RefreshAsync(answers[0]["refreshToken"]!)).ShouldBe(200);
        Assert.That(
            await StoredAsync<long>(
                "select count(*) from identity.sessions s join identity.users u on u.id = s.user_id where u.email = $1",
                user.Email
            ),
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task Used_after_its_successor_it_ends_the_session_for_the_thief_and_the_owner()
    {
        var user = await SignUpAsync();
        var second = await RefreshAsync(user.RefreshToken);
        var third = await RefreshAsync(second["refreshToken"]!);

        (await RefreshAsync(user.RefreshToken)).ShouldRefuse(401, "invalid_refresh_token");

        (await RefreshAsync(third["refreshToken"]!)).ShouldRefuse(401, "invalid_refresh_token");
        (await user.GetAsync("/me")).ShouldBe(401);
        Assert.That(
            await StoredAsync<bool>(
                "select bool_and(revoked_at is not null) from identity.sessions s join identity.users u on u.id = s.user_id where u.email = $1",
                user.Email
            ),
            Is.True
        );
    }

    [Test]
    public async Task Used_again_after_half_a_minute_it_ends_the_session()
    {
        var user = await SignUpAsync();
        var second = await RefreshAsync(user.RefreshToken);
        await StoredAsync<int>(
            "update identity.refresh_tokens set used_at = used_at - interval '31 seconds' where used_at is not null"
        );

        (await RefreshAsync(user.RefreshToken)).ShouldBe(401);

        (await RefreshAsync(second["refreshToken"]!)).ShouldBe(401);
    }

    [Test]
    public async Task An_expired_one_is_refused()
    {
        var user = await SignUpAsync();
        await StoredAsync<int>("update identity.sessions set expires_at = now() - interval '1 second'");

        (await RefreshAsync(user.RefreshToken)).ShouldRefuse(401, "invalid_refresh_token");
    }

    [Test]
    public async Task Only_hashes_are_stored()
    {
        var user = await SignUpAsync();

        Assert.That(
            await StoredAsync<bool>(
                "select exists (select from identity.refresh_tokens t where position($1 in t::text) > 0)",
                user.RefreshToken
            ),
            Is.False
        );
    }

    [Test]
    public async Task Signing_out_ends_the_session_at_once_and_twice_is_no_error()
    {
        var user = await SignUpAsync();
        (await user.GetAsync("/me")).ShouldBe(200);

        (await Anonymous.PostAsync("/auth/logout", new { refreshToken = user.RefreshToken })).ShouldBe(204);

        (await user.GetAsync("/me")).ShouldBe(401);
        (await RefreshAsync(user.RefreshToken)).ShouldBe(401);
        (await Anonymous.PostAsync("/auth/logout", new { refreshToken = user.RefreshToken })).ShouldBe(204);
        (await Anonymous.PostAsync("/auth/logout", new { refreshToken = "nonsense" })).ShouldBe(204);
    }

    [TestCase("""{}""")]
    [TestCase("""{"refreshToken":""}""")]
    [TestCase("""{"refreshToken":5}""")]
    public async Task Bad_input_is_named(string body)
    {
        (await Anonymous.SendRawAsync(HttpMethod.Post, "/auth/refresh", body)).ShouldNameField("refreshToken");
        (await Anonymous.SendRawAsync(HttpMethod.Post, "/auth/logout", body)).ShouldNameField("refreshToken");
    }

    private static Task<ApiResponse> RefreshAsync(string refreshToken) =>
        Anonymous.PostAsync("/auth/refresh", new { refreshToken });
}
