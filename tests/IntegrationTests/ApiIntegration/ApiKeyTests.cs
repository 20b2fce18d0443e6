using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

/// <summary>Keys of a provider that this server does not speak to.</summary>
internal sealed class ApiKeyTests : MarketTest
{
    private const string Key = "the-key-of-somebody-0a1b";
    private const string Secret = "the secret of somebody";

    private ApiUser _user = null!;
    private string _provider = "";

    [SetUp]
    public async Task AddProvider()
    {
        _user = await SignUpAsync();
        _provider = (
            await Admin.PostAsync("/admin/providers", new { name = "Nowhere", baseUrl = "https://api.example.com" })
        ).ShouldBe(201)["id"]!;
    }

    [Test]
    public async Task What_it_is_is_never_shown_again()
    {
        var added = await AddAsync();

        Assert.That(added["apiKeyMasked"], Is.EqualTo("****0a1b"));
        Assert.That(added["hasSecret"], Is.EqualTo("true"));
        Assert.That(added["permissionsChecked"], Is.EqualTo("false"));
        Assert.That(added["lastUsed"], Is.Null);
        var read = (await _user.GetAsync(added.Location!)).ShouldBe(200);
        Assert.That(read.Text, Is.EqualTo(added.Text));
        Assert.That(read.ETag, Is.EqualTo(added.ETag));
        Assert.That(
            (await _user.GetAsync("/api-keys")).Items.Single()!.ToJsonString(),
            Is.EqualTo(read.Json.ToJsonString())
        );
    }

    [Test]
    public async Task It_lies_sealed_and_in_the_clear_nowhere()
    {
        var added = await AddAsync();
        (await _user.PatchAsync(added.Location!, new { apiSecret = Secret + "!" })).ShouldBe(200);
        var export = (await _user.GetAsync("/me/export")).ShouldBe(200);

        Assert.That(export.Text, Does.Contain("****0a1b").And.Not.Contain(Key).And.Not.Contain(Secret));
        Assert.That(
            await StoredAsync<string>("select api_key || api_secret from api_integration.api_keys"),
            Does.Not.Contain(Key).And.Not.Contain(Secret)
        );
        foreach (
            var table in new[]
            {
                "platform.idempotency_keys",
                "audit.audit_outbox",
                "audit.audit_entries",
                "platform.outbox",
            }
        )
        {
            Assert.That(
                await StoredAsync<string>($"select coalesce(string_agg(t::text, ' '), '') from {table} t"),
                Does.Not.Contain(Key).And.Not.Contain(Secret),
                table
            );
        }
    }

    [Test]
    public async Task The_trail_says_that_it_was_changed_and_not_what_it_is()
    {
        var added = await AddAsync();
        (await _user.PatchAsync(added.Location!, new { apiKey = "another-key-of-somebody-9z8y" })).ShouldBe(200);

        var entries = await EventuallyAsync(
            async () =>
                (await _user.GetAsync("/me/audit"))
                    .Items.Where(entry => entry!["entity"]!.ToString() == "api_keys")
                    .Select(entry => entry!["changes"]!)
                    .ToList(),
            changes => changes.Count == 2
        );

        Assert.That(entries[0]["before"]!["apiKey"]!.ToString(), Is.EqualTo("redacted"));
        Assert.That(entries[0]["after"]!["apiKey"]!.ToString(), Is.EqualTo("redacted"));
        Assert.That(entries[0]["after"]!["masked"]!.ToString(), Is.EqualTo("****9z8y"));
    }

    [Test]
    public async Task The_same_request_again_is_answered_again()
    {
        var first = await AddAsync(("Idempotency-Key", "once"));
        var second = await AddAsync(("Idempotency-Key", "once"));

        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That(await StoredAsync<long>("select count(*) from api_integration.api_keys"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_patch_rotates_renames_and_clears()
    {
        var added = await AddAsync();

        var rotated = (
            await _user.PatchAsync(
                added.Location!,
                """{"name":"new","apiKey":"another-key-of-somebody-9z8y","apiSecret":null}""",
                ("If-Match", added.ETag!)
            )
        ).ShouldBe(200);

        Assert.That(rotated["apiKeyMasked"], Is.EqualTo("****9z8y"));
        Assert.That(rotated["hasSecret"], Is.EqualTo("false"));
        Assert.That(rotated["name"], Is.EqualTo("new"));
        Assert.That(rotated["permissions"], Is.EqualTo(added["permissions"]));
        Assert.That(rotated.ETag, Is.Not.EqualTo(added.ETag));
        (await _user.PatchAsync(added.Location!, new { name = "x" }, ("If-Match", added.ETag!))).ShouldBe(412);
        (await _user.DeleteAsync(added.Location!, null, ("If-Match", added.ETag!))).ShouldBe(412);
        (await _user.PatchAsync(added.Location!, new { providerId = Guid.CreateVersion7() })).ShouldNameField(
            "providerId"
        );
        (await _user.DeleteAsync(added.Location!, null, ("If-Match", rotated.ETag!))).ShouldBe(204);
        (await _user.GetAsync(added.Location!)).ShouldBe(404);
    }

    [Test]
    public async Task Somebody_else_s_is_not_there()
    {
        var path = (await AddAsync()).Location!;
        var other = await SignUpAsync();

        (await other.GetAsync(path)).ShouldBe(404);
        (await other.PatchAsync(path, new { name = "mine" })).ShouldBe(404);
        (await other.DeleteAsync(path)).ShouldBe(404);
        (await other.PostAsync($"{path}/test")).ShouldBe(404);
        (await other.PostAsync($"{path}/sync?portfolioId={Guid.CreateVersion7()}")).ShouldBe(404);
        (await other.GetAsync($"{path}/reconciliation?portfolioId={Guid.CreateVersion7()}")).ShouldBe(404);
        (await other.GetAsync($"{path}/sync-runs")).ShouldBe(404);
        (await other.GetAsync($"{path}/sync-runs/{Guid.CreateVersion7()}")).ShouldBe(404);
        Assert.That((await other.GetAsync("/api-keys")).Items, Is.Empty);
    }

    [Test]
    public async Task Where_nobody_speaks_to_the_provider_there_is_nothing_to_test_or_sync()
    {
        var path = (await AddAsync()).Location!;
        var portfolio = (await _user.PostAsync("/portfolios", new { name = "Main" })).ShouldBe(201)["id"];

        (await _user.PostAsync($"{path}/test")).ShouldRefuse(409, "no_connector");
        (await _user.PostAsync($"{path}/sync?portfolioId={portfolio}")).ShouldRefuse(409, "no_connector");
        (await _user.GetAsync($"{path}/reconciliation?portfolioId={portfolio}")).ShouldRefuse(409, "no_connector");
        (await _user.PostAsync($"{path}/sync")).ShouldNameField("portfolioId");
    }

    [Test]
    public async Task One_that_is_out_of_use_is_not_used()
    {
        var path = (await AddAsync()).Location!;
        (await _user.PatchAsync(path, new { isActive = false })).ShouldBe(200);
        (await _user.PostAsync($"{path}/test")).ShouldRefuse(409, "inactive");
        (await _user.PatchAsync(path, new { isActive = true })).ShouldBe(200);
        (await Admin.PatchAsync($"/admin/providers/{_provider}", new { isActive = false })).ShouldBe(200);

        (await _user.PostAsync($"{path}/test")).ShouldRefuse(409, "inactive");
        (await _user.PostAsync($"{path}/sync?portfolioId={Guid.CreateVersion7()}")).ShouldRefuse(409, "inactive");
    }

    [Test]
    public async Task It_may_name_a_portfolio_of_one_s_own_to_be_synced_into_every_night()
    {
        var path = (await AddAsync()).Location!;
        var mine = (await _user.PostAsync("/portfolios", new { name = "Main" })).ShouldBe(201)["id"]!;
        var another = (await (await SignUpAsync()).PostAsync("/portfolios", new { name = "Main" })).ShouldBe(201)[
            "id"
        ]!;

        (await _user.PatchAsync(path, new { syncPortfolioId = another })).ShouldNameField("syncPortfolioId");
        var before = (await _user.PatchAsync(path, new { syncPortfolioId = mine })).ShouldBe(200);
        (await _user.DeleteAsync($"/portfolios/{mine}")).ShouldBe(204);

        var after = (await _user.GetAsync(path)).ShouldBe(200);
        Assert.That(before["syncPortfolioId"], Is.EqualTo(mine));
        Assert.That(after["syncPortfolioId"], Is.Null);
        Assert.That(after.ETag, Is.Not.EqualTo(before.ETag));
    }

    [Test]
    public async Task It_goes_with_its_user()
    {
        await AddAsync();

        (await _user.DeleteAsync("/me", new { password = _user.Password })).ShouldBe(204);

        Assert.That(await StoredAsync<long>("select count(*) from api_integration.api_keys"), Is.Zero);
    }

    [Test]
    public async Task A_token_needs_its_own_scope()
    {
        var path = (await AddAsync()).Location!;
        var token = (await _user.PostAsync("/me/tokens", new { name = "bot", scopes = new[] { "read" } })).ShouldBe(
            201
        )["token"];
        var bot = new ApiClient(TestRun.Server.Client, token);

        (await bot.GetAsync(path)).ShouldBe(200);
        (await bot.PatchAsync(path, new { name = "x" })).ShouldBe(403);
        (await bot.PostAsync($"{path}/test")).ShouldBe(403);
    }

    [TestCase("""{"name":"x","apiKey":"k"}""", "providerId")]
    [TestCase("""{"providerId":"P","apiKey":"k"}""", "name")]
    [TestCase("""{"providerId":"P","name":"x"}""", "apiKey")]
    [TestCase("""{"providerId":"P","name":"x","apiKey":""}""", "apiKey")]
    [TestCase("""{"providerId":"P","name":"x","apiKey":"a key\r\nX-Header: 1"}""", "apiKey")]
    [TestCase("""{"providerId":"P","name":"x","apiKey":"k","apiSecret":""}""", "apiSecret")]
    [TestCase("""{"providerId":"P","name":"x","apiKey":"k","apiSecret":"é"}""", "apiSecret")]
    [TestCase("""{"providerId":"P","name":"x","apiKey":"k","permissions":[""]}""", "permissions")]
    [TestCase("""{"providerId":"019c14e8-5a00-7000-8000-7d3c5b1f9a42","name":"x","apiKey":"k"}""", "providerId")]
    public async Task Bad_input_is_named(string body, string field)
    {
        (
            await _user.PostAsync("/api-keys", body.Replace("\"P\"", $"\"{_provider}\"", StringComparison.Ordinal))
        ).ShouldNameField(field);
        Assert.That(await StoredAsync<long>("select count(*) from api_integration.api_keys"), Is.Zero);
    }

    private async Task<ApiResponse> AddAsync(params (string Name, string Value)[] headers) =>
        (
            await _user.PostAsync(
                "/api-keys",
                new
                {
                    providerId = _provider,
                    name = "mine",
                    apiKey = Key,
                    apiSecret = Secret,
                    permissions = new[] { "read" },
                },
                headers
            )
        ).ShouldBe(201);
}
