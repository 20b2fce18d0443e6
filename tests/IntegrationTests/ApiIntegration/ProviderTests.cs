using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class ProviderTests : MarketTest
{
    [Test]
    public async Task What_an_administrator_adds_everybody_reads()
    {
        var created = (
            await Admin.PostAsync(
                "/admin/providers",
                new
                {
                    name = "Bitstamp",
                    baseUrl = "https://www.bitstamp.net/api/v2",
                    description = "Since 2011.",
                    docsUrl = "https://www.bitstamp.net/api/",
                    authMethod = "hmac-sha256",
                    rateLimitWindow = "PT10M",
                    rateLimitCount = 8000,
                }
            )
        ).ShouldBe(201);

        var read = (await (await SignUpAsync()).GetAsync(created.Location!)).ShouldBe(200);

        Assert.That(read.Text, Is.EqualTo(created.Text));
        Assert.That(read.ETag, Is.EqualTo(created.ETag));
        Assert.That(read["rateLimitWindow"], Is.EqualTo("PT10M"));
        Assert.That(read["rateLimitCount"], Is.EqualTo("8000"));
        Assert.That(read["isActive"], Is.EqualTo("true"));
    }

    [Test]
    public async Task The_list_goes_by_name_page_by_page()
    {
        foreach (var name in new[] { "zz-last", "zz-first", "zz-middle" })
        {
            await AddAsync(name);
        }

        var names = new List<string>();
        for (string? cursor = ""; cursor is not null; )
        {
            var page = (await Admin.GetAsync($"/providers?limit=2{cursor}")).ShouldBe(200);
            names.AddRange(page.Items.Select(item => item!["name"]!.ToString()));
            cursor = page["nextCursor"] is { } next ? $"&cursor={next}" : null;
        }

        Assert.That(names[^3..], Is.EqualTo(new[] { "zz-first", "zz-last", "zz-middle" }));
        Assert.That(names, Is.Unique);
    }

    [Test]
    public async Task A_patch_changes_what_it_names_and_only_the_version_that_it_means()
    {
        var provider = await AddAsync("Nowhere");
        var path = $"/admin/providers/{provider["id"]}";

        var changed = (
            await Admin.PatchAsync(
                path,
                new { isActive = false, rateLimitWindow = "P1D" },
                ("If-Match", provider.ETag!)
            )
        ).ShouldBe(200);

        Assert.That(changed["isActive"], Is.EqualTo("false"));
        Assert.That(changed["rateLimitWindow"], Is.EqualTo("P1D"));
        Assert.That(changed["name"], Is.EqualTo("Nowhere"));
        (await Admin.PatchAsync(path, new { name = "x" }, ("If-Match", provider.ETag!))).ShouldBe(412);
        (await Admin.DeleteAsync(path, null, ("If-Match", provider.ETag!))).ShouldBe(412);
        (await Admin.PatchAsync(path, """{"rateLimitWindow":null}""")).ShouldBe(200);
        (await Admin.PatchAsync(path, """{"name":null}""")).ShouldNameField("name");
        (await Admin.PatchAsync(path, """{"id":"x"}""")).ShouldNameField("id");
    }

    [TestCase("""{"name":"x"}""", "baseUrl")]
    [TestCase("""{"baseUrl":"https://api.example.com"}""", "name")]
    [TestCase("""{"name":"x","baseUrl":"ftp://api.example.com"}""", "baseUrl")]
    [TestCase("""{"name":"x","baseUrl":"https://169.254.169.254"}""", "baseUrl")]
    [TestCase("""{"name":"x","baseUrl":"https://u:p@api.example.com"}""", "baseUrl")]
    [TestCase("""{"name":"x","baseUrl":"https://api.example.com/?a=1"}""", "baseUrl")]
    [TestCase("""{"name":"x","baseUrl":"https://api.example.com","rateLimitWindow":"1m"}""", "rateLimitWindow")]
    [TestCase("""{"name":"x","baseUrl":"https://api.example.com","rateLimitWindow":"PT0S"}""", "rateLimitWindow")]
    [TestCase("""{"name":"x","baseUrl":"https://api.example.com","rateLimitCount":0}""", "rateLimitCount")]
    [TestCase("""{"name":"x","baseUrl":"https://api.example.com","docsUrl":"javascript:alert(1)"}""", "docsUrl")]
    public async Task Bad_input_is_named(string body, string field) =>
        (await Admin.PostAsync("/admin/providers", body)).ShouldNameField(field);

    [Test]
    public async Task Two_names_differ_in_more_than_case()
    {
        var provider = await AddAsync("Nowhere");

        foreach (
            var refused in new[]
            {
                await Admin.PostAsync(
                    "/admin/providers",
                    new { name = "KRAKEN", baseUrl = "https://no-such-host.invalid" }
                ),
                await Admin.PatchAsync($"/admin/providers/{provider["id"]}", new { name = "Kraken" }),
            }
        )
        {
            refused.ShouldRefuse(409, "name_taken");
            Assert.That(refused.Json["errors"]!["name"], Is.Not.Null);
        }

        (await Admin.PatchAsync($"/admin/providers/{provider["id"]}", new { name = "NOWHERE" })).ShouldBe(200);
    }

    [TestCase("http://93.184.215.14", false)]
    [TestCase("https://93.184.215.14", true)]
    [TestCase("http://127.0.0.1:8080", true)]
    [TestCase("http://10.1.2.3", true)]
    public async Task Only_what_stays_in_the_own_network_goes_in_the_clear(string baseUrl, bool isTaken)
    {
        var answer = await Admin.PostAsync("/admin/providers", new { name = "Somewhere", baseUrl });

        if (isTaken)
        {
            answer.ShouldBe(201);
        }
        else
        {
            answer.ShouldNameField("baseUrl");
        }
    }

    [Test]
    public async Task A_name_that_means_nothing_now_may_mean_something_later() =>
        (
            await Admin.PostAsync("/admin/providers", new { name = "Later", baseUrl = "https://no-such-host.invalid" })
        ).ShouldBe(201);

    [Test]
    public async Task One_that_somebody_has_a_key_of_stays()
    {
        var provider = await AddAsync("Nowhere");
        var user = await SignUpAsync();
        var key = (
            await user.PostAsync(
                "/api-keys",
                new
                {
                    providerId = provider["id"],
                    name = "mine",
                    apiKey = "0123456789abcdef",
                }
            )
        ).ShouldBe(201);

        (await Admin.DeleteAsync($"/admin/providers/{provider["id"]}")).ShouldRefuse(409, "provider_has_keys");

        (await user.DeleteAsync(key.Location!)).ShouldBe(204);
        (await Admin.DeleteAsync($"/admin/providers/{provider["id"]}")).ShouldBe(204);
        (await Admin.GetAsync($"/providers/{provider["id"]}")).ShouldBe(404);
        (await Admin.DeleteAsync($"/admin/providers/{provider["id"]}")).ShouldBe(404);
    }

    [Test]
    public async Task Only_administrators_write()
    {
        var provider = await AddAsync("Nowhere");
        var user = await SignUpAsync();

        (await user.PostAsync("/admin/providers", new { name = "x", baseUrl = "https://api.example.com" })).ShouldBe(
            403
        );
        (await user.PatchAsync($"/admin/providers/{provider["id"]}", new { name = "x" })).ShouldBe(403);
        (await user.DeleteAsync($"/admin/providers/{provider["id"]}")).ShouldBe(403);
        (await Anonymous.GetAsync("/providers")).ShouldBe(401);
    }

    [Test]
    public async Task What_administrators_do_to_it_is_in_the_trail()
    {
        var provider = await AddAsync("Nowhere");
        (await Admin.PatchAsync($"/admin/providers/{provider["id"]}", new { isActive = false })).ShouldBe(200);

        var entries = await EventuallyAsync(
            async () => (await Admin.GetAsync($"/admin/audit?entity=api_providers&entityId={provider["id"]}")).Items,
            items => items.Count == 2
        );

        Assert.That(entries[0]!["changes"]!["after"]!["isActive"]!.ToString(), Is.EqualTo("false"));
        Assert.That(entries[1]!["action"]!.ToString(), Is.EqualTo("created"));
    }

    private async Task<ApiResponse> AddAsync(string name) =>
        (await Admin.PostAsync("/admin/providers", new { name, baseUrl = "https://api.example.com" })).ShouldBe(201);
}
