using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Identity;

/// <summary>Personal access tokens: what programs sign their requests with.</summary>
internal sealed class TokenTests : ApiTest
{
    [Test]
    public async Task It_is_shown_once_and_never_stored()
    {
        var user = await SignUpAsync();

        var made = (await MakeAsync(user, "read")).ShouldBe(201);

        Assert.That(made["token"], Does.Match("^cbt_[A-Za-z0-9_-]{43}$"));
        Assert.That(made.Headers.CacheControl?.NoStore, Is.True);
        Assert.That((await user.GetAsync(made.Location!)).ShouldBe(200).Text, Does.Not.Contain("cbt_"));
        Assert.That((await user.GetAsync("/me/tokens")).Items, Has.Count.EqualTo(1));
        Assert.That(
            await StoredAsync<string>("select t::text from identity.personal_access_tokens t"),
            Does.Not.Contain(made["token"]!)
        );
    }

    [Test]
    public async Task It_is_ended_only_by_who_knows_its_version_where_one_is_named()
    {
        var user = await SignUpAsync();
        var made = await MakeAsync(user, "read");

        (await user.DeleteAsync(made.Location!, null, ("If-Match", "\"7\""))).ShouldBe(412);
        var etag = (await user.GetAsync(made.Location!)).ShouldBe(200).ETag!;
        (await user.DeleteAsync(made.Location!, null, ("If-Match", etag))).ShouldBe(204);
    }

    [Test]
    public async Task It_may_do_what_its_scopes_say_and_nothing_else()
    {
        var user = await SignUpAsync();
        var reader = Program(await MakeAsync(user, "read"));
        var writer = Program(await MakeAsync(user, "portfolios:write"));

        (await reader.GetAsync("/portfolios")).ShouldBe(200);
        (await reader.PostAsync("/portfolios", new { name = "Main" })).ShouldBe(403);
        (await writer.PostAsync("/portfolios", new { name = "Main" })).ShouldBe(201);
        (await writer.GetAsync("/portfolios")).ShouldBe(403);
        (await writer.PostAsync("/watchlists", new { name = "Main" })).ShouldBe(403);
        Assert.That((await reader.GetAsync("/portfolios")).Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task With_every_scope_it_is_no_person_all_the_same()
    {
        var user = await SignUpAsync();
        var program = Program(await MakeAsync(user, AllScopes));

        var answers = new[]
        {
            await MakeAsync(program, "read"),
            await program.GetAsync("/me/tokens"),
            await program.GetAsync("/me/sessions"),
            await program.PostAsync("/me/mfa/totp"),
            await program.PatchAsync("/me", new { displayName = "Mallory" }),
            await program.PutAsync("/me/password", new { currentPassword = user.Password, newPassword = "x" }),
        };

        Assert.That(answers.Select(answer => (int)answer.Status), Is.All.EqualTo(403));
        (await program.GetAsync("/me")).ShouldBe(200);
    }

    [Test]
    public async Task An_administrators_token_is_no_administrator()
    {
        var program = Program(await MakeAsync(await AdminAsync(), AllScopes));

        (await program.GetAsync("/admin/users")).ShouldBe(403);
        (await program.PostAsync("/admin/market/prices", new { prices = Array.Empty<object>() })).ShouldBe(403);
    }

    [Test]
    public async Task A_deleted_token_is_out_at_once()
    {
        var user = await SignUpAsync();
        var made = await MakeAsync(user, "read");
        var program = Program(made);
        (await program.GetAsync("/me")).ShouldBe(200);

        (await user.DeleteAsync(made.Location!)).ShouldBe(204);

        (await program.GetAsync("/me")).ShouldBe(401);
        (await user.DeleteAsync(made.Location!)).ShouldBe(404);
    }

    [Test]
    public async Task An_expired_token_is_out()
    {
        var user = await SignUpAsync();
        var program = Program(await MakeAsync(user, "read"));
        await StoredAsync<int>("update identity.personal_access_tokens set expires_at = now() - interval '1 second'");

        (await program.GetAsync("/me")).ShouldBe(401);
    }

    [Test]
    public async Task A_deactivated_users_tokens_are_out()
    {
        var user = await SignUpAsync();
        var program = Program(await MakeAsync(user, "read"));
        var id = (await user.GetAsync("/me"))["id"];

        (await (await AdminAsync()).PatchAsync($"/admin/users/{id}", new { isActive = false })).ShouldBe(200);

        (await program.GetAsync("/me")).ShouldBe(401);
    }

    [Test]
    public async Task It_says_when_it_was_last_used()
    {
        var user = await SignUpAsync();
        var made = await MakeAsync(user, "read");
        Assert.That(made["lastUsedAt"], Is.Null);

        await Program(made).GetAsync("/me");

        Assert.That((await user.GetAsync(made.Location!))["lastUsedAt"], Is.Not.Null);
    }

    [Test]
    public async Task Somebody_elses_is_not_there()
    {
        var (user, other) = (await SignUpAsync(), await SignUpAsync());
        var made = await MakeAsync(user, "read");

        (await other.GetAsync(made.Location!)).ShouldBe(404);
        (await other.DeleteAsync(made.Location!)).ShouldBe(404);
        Assert.That((await other.GetAsync("/me/tokens")).Items, Is.Empty);
    }

    [Test]
    public async Task With_a_second_factor_on_it_takes_a_code()
    {
        var user = await SignUpAsync();
        var app = await Authenticator.SwitchOnAsync(user);

        (await MakeAsync(user, "read")).ShouldNameField("code");
        (await MakeWithCodeAsync(user, app.WrongCode)).ShouldNameField("code");
        (await MakeWithCodeAsync(user, app.NextCode)).ShouldBe(201);
        (await MakeWithCodeAsync(user, app.NextCode)).ShouldNameField("code");
    }

    [TestCase("""{"scopes":["read"]}""", "name")]
    [TestCase("""{"name":"","scopes":["read"]}""", "name")]
    [TestCase("""{"name":"Bot"}""", "scopes")]
    [TestCase("""{"name":"Bot","scopes":[]}""", "scopes")]
    [TestCase("""{"name":"Bot","scopes":["admin"]}""", "scopes")]
    [TestCase("""{"name":"Bot","scopes":[null]}""", "scopes")]
    [TestCase("""{"name":"Bot","scopes":"read"}""", "scopes")]
    [TestCase("""{"name":"Bot","scopes":["read"],"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [TestCase("""{"name":"Bot","scopes":["read"],"token":"cbt_mine"}""", "token")]
    [TestCase("""{"name":"Bot","scopes":["read"],"userId":"019c14e8-5a00-7000-8000-7d3c5b1f9a42"}""", "userId")]
    public async Task Bad_input_is_named(string body, string field) =>
        (await (await SignUpAsync()).SendRawAsync(HttpMethod.Post, "/me/tokens", body)).ShouldNameField(field);

    [TestCase("cbt_")]
    [TestCase("cbt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("cbt_' or true --")]
    public async Task A_token_of_ones_own_making_is_refused(string token) =>
        (await new ApiClient(TestRun.Server.Client, token).GetAsync("/me")).ShouldBe(401);

    private static readonly string[] AllScopes =
    [
        "read",
        "portfolios:write",
        "watchlists:write",
        "trades:write",
        "alerts:write",
        "models:write",
        "keys:write",
    ];

    private static Task<ApiResponse> MakeAsync(ApiClient user, params string[] scopes) =>
        user.PostAsync("/me/tokens", new { name = "Bot", scopes });

    private static Task<ApiResponse> MakeWithCodeAsync(ApiClient user, string code) =>
        user.PostAsync(
            "/me/tokens",
            new
            {
                name = "Bot",
                scopes = new[] { "read" },
                code,
            }
        );

    private static ApiClient Program(ApiResponse made) => new(TestRun.Server.Client, made.ShouldBe(201)["token"]);
}
